"""What Fastwright wrote into a project, kept in it as `fastwright.lock`: so edits can be told from what was generated.

It is one text file that is committed with the project: the version, the design as people write it, and the files,
packed.
"""

from __future__ import annotations

import base64
import json
import lzma
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, cast

from fastwright import __version__
from fastwright.design import read_yaml_text, write_yaml
from fastwright.design.model import Design
from fastwright.errors import FastwrightError, InputError

RECORD = "fastwright.lock"
_ABOUT = "What Fastwright wrote here, for `fastwright upgrade`. Commit it; there is nothing to edit."
_FORMAT = 1
_WIDTH = 120
# A project is a few hundred kilobytes; what unpacks to more than this was not packed by us.
_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True)
class Record:
    """The design, and the files as they were generated for it by `version`."""

    design: Design
    files: Mapping[PurePosixPath, str]
    version: str = __version__

    def text(self) -> str:
        """Return the record as it is kept."""
        files = json.dumps({str(path): text for path, text in sorted(self.files.items())}, ensure_ascii=False)
        packed = base64.b85encode(lzma.compress(files.encode(), preset=6)).decode()
        data = {
            "about": _ABOUT,
            "format": _FORMAT,
            "version": self.version,
            "design": write_yaml(self.design).splitlines(),
            "files": [packed[start : start + _WIDTH] for start in range(0, len(packed), _WIDTH)],
        }
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def read_record(text: str) -> Record:
    """Return the record that `text` is. Raises `InputError` if it is none, or was written by a newer Fastwright."""
    try:
        data = cast("dict[str, Any]", json.loads(text))
        if data["format"] != _FORMAT:
            raise ValueError(f"format {data['format']} is not known to this version")  # noqa: TRY301
        files = json.loads(_unpacked(base64.b85decode("".join(data["files"]))))
        design = read_yaml_text("\n".join(data["design"]) + "\n", RECORD)
        return Record(design, {PurePosixPath(path): str(content) for path, content in files.items()}, data["version"])
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, lzma.LZMAError, FastwrightError) as error:
        raise InputError(
            f"{RECORD} cannot be read: {error}",
            hint="bring it back from version control, or use the version of Fastwright that wrote it",
        ) from error


def _unpacked(data: bytes) -> str:
    unpacker = lzma.LZMADecompressor()
    text = unpacker.decompress(data, max_length=_LIMIT)
    if not unpacker.eof:
        raise ValueError("it is too long, or cut off")
    return text.decode()
