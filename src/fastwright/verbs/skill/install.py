"""Put the skill, and how to reach the verbs, into a project for one coding agent."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

from fastwright.design.model import Frozen
from fastwright.errors import InputError
from fastwright.verbs.skill.clients import Client, pieces
from fastwright.verbs.skill.pieces import Kept, Piece

Did = Literal["written", "updated", "unchanged", "kept"]


class SkillRequest(Frozen):
    """Which client, in which project."""

    client: Client
    project: Path = Path()
    dry_run: bool = False


class Installed(Frozen):
    """What became of one file; `why` where it was kept as it is, and not made what it should be."""

    path: str
    did: Did
    why: str = ""


class SkillResult(Frozen):
    """What was done, file by file."""

    client: Client
    files: tuple[Installed, ...]
    landed: bool


def install_skill(request: SkillRequest) -> SkillResult:
    """Write what the client needs. Raises `InputError` if the project is no directory or cannot be written.

    A second run changes nothing; what people wrote or edited stays.
    """
    root = request.project.resolve()
    if not root.is_dir():
        raise InputError(f"{request.project} is not a directory", hint="name the project with --project DIR")
    done = tuple(_install(root, piece, dry_run=request.dry_run) for piece in pieces(request.client))
    return SkillResult(client=request.client, files=done, landed=not request.dry_run)


def _install(root: Path, piece: Piece, *, dry_run: bool) -> Installed:
    place = root / piece.path
    try:
        before = _read(root, place)
        after = piece.merged(before)
    except Kept as kept:
        return Installed(path=piece.path, did="kept", why=str(kept))
    if after == before:
        return Installed(path=piece.path, did="unchanged")
    if not dry_run:
        _write(place, after)
    return Installed(path=piece.path, did="written" if before is None else "updated")


def _read(root: Path, place: Path) -> str | None:
    """Return the text that is there. Raises `Kept` if that is not for us to touch: no text, or out of the project."""
    if not place.resolve().is_relative_to(root):
        raise Kept("a link leads out of the project here")
    try:
        return place.read_bytes().decode()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Kept(f"it cannot be read: {error}") from None


def _write(place: Path, text: str) -> None:
    """Write the file at once, with the mode that it had; through a link, since that stays in the project."""
    place = place.resolve()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        mode = place.stat().st_mode & 0o777 if place.exists() else 0o644
        with tempfile.NamedTemporaryFile("wb", dir=place.parent, prefix=".fastwright-", delete=False) as file:
            file.write(text.encode())
        Path(file.name).chmod(mode)
        Path(file.name).replace(place)
    except OSError as error:
        raise InputError(
            f"{place} cannot be written: {error.strerror or error}", hint="see who may write there"
        ) from error
