"""Run a command, and turn what goes wrong into a sentence and an exit code: the one place where this is done.

Exit codes: 0 done; 1 not proven, and then nothing was changed; 2 usage, or an input that cannot be used; 70 a fault of
ours; 130 stopped.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from fastwright.cli.group import cli
from fastwright.cli.options import OUR_FAULT, STOPPED
from fastwright.errors import FastwrightError, InputError

if TYPE_CHECKING:
    from fastwright.verbs.new import Workshop


def run_as_told(workshop: Workshop | None = None) -> int:
    """Run the command line; when we are told to end, everything that was started ends, and is removed, first."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _stop)
    return run(sys.argv[1:], workshop)


def run(arguments: Sequence[str], workshop: Workshop | None = None) -> int:
    """Run one command and return its exit code: the one place where errors become exit codes."""
    try:
        code: object = cli.main(list(arguments), prog_name="fastwright", standalone_mode=False, obj=workshop)
    except click.Abort:
        return _tell([{"message": "stopped; nothing was written", "hint": "run it again"}], arguments, STOPPED)
    except click.ClickException as error:
        return _tell([{"message": error.format_message(), "hint": _usage_hint(error)}], arguments, InputError.exit_code)
    except FastwrightError as error:
        return _tell([problem.describe() for problem in error.problems or (error,)], arguments, error.exit_code)
    except Exception as error:  # noqa: BLE001 - whatever it is, people get a sentence
        if "--debug" in arguments:
            traceback.print_exc()
        return _tell([_apology(error)], arguments, OUR_FAULT)
    return code if isinstance(code, int) else 0


def end(code: int) -> NoReturn:
    """End the process, and leave its memory to the system: to take down trees node by node takes as long as rules do.

    Where threads are still at work, or nobody takes what was printed, Python ends it in its own way.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        sys.exit(code)
    if threading.active_count() > 1:
        sys.exit(code)
    os._exit(code)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _usage_hint(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"see {context.command_path if context else 'fastwright'} --help"


def _apology(error: Exception) -> dict[str, object]:
    return {
        "message": f"sorry, this is a fault in Fastwright: {type(error).__name__}: {error}",
        "hint": "run it again with --debug, and report what it prints; nothing was written in part",
    }


def _tell(problems: Sequence[Mapping[str, object]], arguments: Sequence[str], code: int) -> int:
    """Show what is wrong: as the one JSON object on standard output, or in sentences on standard error."""
    if "--json" in arguments:
        several = {"problems": problems} if len(problems) > 1 else {}
        click.echo(json.dumps({"error": {**problems[0], **several}}))
        return code
    for problem in problems:
        place = str(problem.get("location") or "error")
        click.echo(f"{click.style(place, fg='red', bold=True)}: {problem['message']}", err=True)
        if problem.get("hint"):
            click.echo(f"  {click.style('hint', fg='cyan')}: {problem['hint']}", err=True)
    return code
