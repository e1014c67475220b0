"""The tree that a change is held against: taken from git, into a directory of ours, without touching the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from fastwright.errors import InputError
from fastwright.project.source import is_skipped

_SECONDS = 120
_LARGE = 5_000_000
# Set when we are run by a hook, where they name the repository of the hook and its index.
_OF_HOOKS = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"})
# Nothing that a repository is configured to run is run, and the index of the checkout is not refreshed.
_QUIET = ("--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_DEFAULT_BRANCHES = ("main", "master")


@dataclass(frozen=True)
class Base:
    """A commit, and why it was chosen."""

    commit: str
    reason: str

    @property
    def short(self) -> str:
        return self.commit[:10]


class NoBase(InputError):
    """There is nothing that the change could be held against."""


def choose_base(project: Path, named: str | None = None) -> Base:
    """Return the commit that was named, or the one that the change starts from.

    On a branch of its own that is where it left the default branch; elsewhere it is HEAD for what is not committed, or
    else the commit before HEAD. Raises `NoBase`.
    """
    _check_repository(project)
    if named is not None:
        return Base(_commit(project, named), f"{named} was named")
    head = _commit(project, "HEAD")
    fork = _fork(project)
    if fork is not None and fork.commit != head:
        return fork
    if _git(project, "status", "--porcelain", "--untracked-files=normal", "--", "."):
        return Base(head, "HEAD, since there are changes that are not committed")
    return Base(_commit(project, "HEAD~1"), "HEAD~1, since everything is committed")


def export(project: Path, base: Base, target: Path) -> None:
    """Write the project as it was at the base into `target`, with what git ignores in the checkout (such as `.env`).

    An index of our own is read and written out. `git archive` would leave out what is marked `export-ignore`, and
    tests often are.
    """
    prefix = _git(project, "rev-parse", "--show-prefix").strip()
    tree = f"{base.commit}:{prefix}" if prefix else base.commit
    if prefix and _try_git(project, "cat-file", "-e", tree) is None:
        raise NoBase(f"{project} is not there in {base.short}", hint="name a commit that has it: --base REV")
    target.mkdir(parents=True)
    index = target.parent / f"{target.name}.index"
    top = Path(_git(project, "rev-parse", "--show-toplevel").strip())
    _git(top, "read-tree", tree, GIT_INDEX_FILE=str(index))
    _git(top, "checkout-index", "--all", f"--prefix={target.resolve()}{os.sep}", GIT_INDEX_FILE=str(index))
    index.unlink(missing_ok=True)
    _add_ignored(project, target)


def changed_files(project: Path, base: Base) -> tuple[str, ...]:
    """Return the files that differ from the base, new ones too, relative to the project."""
    tracked = _git(project, "diff", "--name-only", "--relative", "--no-ext-diff", "-z", base.commit, "--", ".")
    new = _git(project, "ls-files", "--others", "--exclude-standard", "-z")
    return tuple(sorted({name for name in (tracked + new).split("\0") if name}))


def _add_ignored(project: Path, target: Path) -> None:
    """Copy what belongs to the machine and not to a commit, so that it makes no difference between the trees."""
    listed = _git(project, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z")
    for name in filter(None, listed.split("\0")):
        source, copy = project / name, target / name
        if copy.exists() or not source.is_file() or source.is_symlink() or name.endswith(".pyc"):
            continue
        if source.stat().st_size <= _LARGE and not any(is_skipped(project / part) for part in Path(name).parents):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)


def _fork(project: Path) -> Base | None:
    """Return where the branch left the default branch, if it is another one and that can be told."""
    default = _default_branch(project)
    current = (_try_git(project, "symbolic-ref", "--quiet", "--short", "HEAD") or "").strip()
    if default is None or current == default.removeprefix("origin/"):
        return None
    fork = _try_git(project, "merge-base", "HEAD", default)
    return Base(fork.strip(), f"where this branch left {default}") if fork else None


def _default_branch(project: Path) -> str | None:
    remote = _try_git(project, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    if remote:
        return remote.strip()
    for name in _DEFAULT_BRANCHES:
        for place, shown in (("refs/remotes/origin", f"origin/{name}"), ("refs/heads", name)):
            if _try_git(project, "show-ref", "--verify", "--quiet", f"{place}/{name}") is not None:
                return shown
    return None


def _check_repository(project: Path) -> None:
    if not project.is_dir():
        raise InputError(f"{project} is not a directory", hint="name the project with --project DIR")
    if shutil.which("git") is None:
        raise NoBase("git is not installed", hint="install git: the base is taken from the repository")
    asked = _run(project, ("rev-parse", "--is-inside-work-tree"), {})
    if asked.returncode != 0 or asked.stdout.strip() != b"true":
        reason = os.fsdecode(asked.stderr).strip().removeprefix("fatal: ").partition("\n")[0]
        hint = "prove compares with a commit: git init, and commit what works"
        raise NoBase(f"{project} cannot be used as a git checkout: {reason or 'there is no work tree'}", hint=hint)


def _commit(project: Path, revision: str) -> str:
    found = _try_git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found:
        return found.strip()
    shallow = (_try_git(project, "rev-parse", "--is-shallow-repository") or "").strip() == "true"
    hint = "fetch the history first: git fetch --unshallow" if shallow else "name one that is there: --base REV"
    raise NoBase(f"there is no commit {revision} in this repository", hint=hint)


def _git(directory: Path, *arguments: str, **variables: str) -> str:
    done = _run(directory, arguments, variables)
    if done.returncode != 0:
        reason = os.fsdecode(done.stderr).strip() or f"exit {done.returncode}"
        raise NoBase(f"git {arguments[0]} failed: {reason}", hint="make `git status` work in the project first")
    return os.fsdecode(done.stdout)


def _try_git(directory: Path, *arguments: str) -> str | None:
    done = _run(directory, arguments, {})
    return os.fsdecode(done.stdout) if done.returncode == 0 else None


def _run(directory: Path, arguments: tuple[str, ...], variables: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    try:
        return subprocess.run(
            ["git", *_QUIET, *arguments],
            cwd=directory,
            env={**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoBase(f"git {arguments[0]} has not ended after {_SECONDS} s", hint="try it by hand") from error
