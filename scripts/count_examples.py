"""Count the example sentences anew after a change of them or of the lexicon: `python scripts/count_examples.py`."""

from __future__ import annotations

import json

from fastwright.agent.reading.lexicon import DATA
from fastwright.agent.reading.likelihood import counted

if __name__ == "__main__":
    lines = (
        f"{json.dumps(feature)}:{json.dumps(counts, separators=(',', ':'))}" for feature, counts in counted().items()
    )
    (DATA / "counts.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
