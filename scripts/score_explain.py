"""Score `explain` on its cases: verdict, location and cause, and whether the corrected request is accepted.

scripts/score_explain.py [--python EXE] [APP…]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.diagnose.scoring import APPS, Score, score_app


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", type=Path, required=True, help="an interpreter with FastAPI")
    parser.add_argument("apps", nargs="*", default=APPS)
    arguments = parser.parse_args()
    total = Score()
    for app in arguments.apps:
        score = score_app(app, arguments.python)
        total += score
        print(f"{app:12} {score}")
        for line in score.wrong:
            print(f"    {line}")
    print(f"{'all':12} {total}")
    return 0 if total.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
