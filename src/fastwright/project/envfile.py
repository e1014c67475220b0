"""Variables for the app, from a file that the user names: lines of `NAME=value`."""

from __future__ import annotations

from pathlib import Path

from fastwright.project.errors import ProjectError

# How projects call the file that says which variables they need.
_EXAMPLES = (".env.example", ".env.sample", ".env.dist", ".env.template", "env.example", "example.env")


def example_of_settings(root: Path, base: str) -> Path | None:
    """Return the example of a `.env` that a project comes with, where the app is started or at its root."""
    places = dict.fromkeys((root / base, root))
    return next((file for place in places for name in _EXAMPLES if (file := place / name).is_file()), None)


def read_env_file(file: Path) -> dict[str, str]:
    """Return the variables of the file. Raises `ProjectError` if it cannot be read."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"{file} cannot be read: {error}", hint="name a file of NAME=value lines") from error
    variables: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.strip().removeprefix("export ").strip()
        if not entry or entry.startswith("#"):
            continue
        name, equals, value = entry.partition("=")
        if not equals or not name.strip():
            raise ProjectError("not a NAME=value line", hint="quote nothing but the value", file=str(file), line=number)
        variables[name.strip()] = _value(value.strip())
    return variables


def _value(text: str) -> str:
    """Return a value without its quotes, or without the comment after it."""
    if len(text) > 1 and text[0] in "\"'" and (end := text.find(text[0], 1)) > 0:
        return text[1:end]
    return text.partition(" #")[0].rstrip()
