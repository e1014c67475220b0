"""What `check --fix` did, for people."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from fastwright.render.landing import print_failures
from fastwright.verbs.fixing import FixResult

_ADVICE = "leave the rule out with --ignore, or fix the finding by hand and run fastwright prove"


def print_fix(result: FixResult) -> None:
    """Print what was fixed, what could not be, and why nothing was changed where that is so."""
    console = Console(highlight=False)
    for one in result.unfixed:
        place = f"{one.finding.file}:{one.finding.line}"
        console.print(Text.assemble((place, "bold"), f"  {one.finding.rule}: not fixed, {one.reason}"), soft_wrap=True)
    if not result.fixed:
        console.print("Nothing to fix: no finding has a fix that can be made.", soft_wrap=True)
        return
    if not result.proof.proven:
        print_failures(console, result.proof, _ADVICE)
        return
    for one in result.fixed:
        console.print(Text.assemble((f"{one.file}:{one.line}", "bold"), f"  {one.rule}"), soft_wrap=True)
    how = "landed" if result.landed else "nothing was written (dry run)"
    verdict = f" in {result.proof.seconds:.1f} s: {len(result.fixed)} findings are gone; {how}"
    console.print(Text.assemble(("✓ Proven", "bold green"), verdict), soft_wrap=True)
    if result.landed:
        console.print(Text("  fastwright undo  # takes it back", "dim"), soft_wrap=True)
    else:
        console.print(Text(result.diff), soft_wrap=True)
