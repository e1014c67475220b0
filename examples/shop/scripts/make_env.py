"""Write `.env` from `.env.example`, with secrets that nobody else has."""

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ("SECRET_KEY", "POSTGRES_PASSWORD")


def main() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    filled = [f"{line}{secrets.token_hex(32)}" if line.removesuffix("=") in GENERATED else line for line in lines]
    # Refuses to overwrite, and is readable by its owner only from the first byte on.
    descriptor = os.open(ROOT / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(filled) + "\n")
    print("Wrote .env with a fresh SECRET_KEY and POSTGRES_PASSWORD.")


if __name__ == "__main__":
    main()
