"""What was installed for a coding agent, file by file."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from fastwright.verbs.skill.install import SkillResult

_STYLES = {"written": "green", "updated": "green", "unchanged": "dim", "kept": "yellow"}
_WORDS = {"unchanged": "as it was", "kept": "left alone"}


def print_skill(result: SkillResult) -> None:
    """Print each file and what became of it."""
    console = Console(highlight=False)
    console.print()
    width = max(len(file.path) for file in result.files)
    for file in result.files:
        did = Text(_WORDS.get(file.did, file.did), _STYLES[file.did])
        why = Text(f": {file.why}" if file.why else "", "dim")
        console.print(Text.assemble("  ", file.path.ljust(width), "  ", did, why), soft_wrap=True)
    console.print()
    if not result.landed:
        console.print(Text("Nothing was written (dry run).", "dim"))
    elif any(file.did in {"written", "updated"} for file in result.files):
        console.print(Text("Start the agent anew in this project, so that it reads them.", "dim"))
