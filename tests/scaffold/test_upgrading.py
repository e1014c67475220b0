"""What becomes of the files of an edited project when the template changes: no edit is ever lost."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from examples.conduit.bend import HERE, bend
from fastwright.design import read_yaml
from fastwright.scaffold.engine import render_backend
from fastwright.scaffold.upgrading import Plan, plan_files

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MAIN = PurePosixPath("app/main.py")
Texts = Mapping[PurePosixPath, str]


@pytest.fixture(scope="module")
def blog() -> Texts:
    return render_backend(read_yaml(EXAMPLES / "blog.yaml"))


def planned(base: Texts, new: Texts, now: Texts, *keep: str) -> Plan:
    return plan_files(base, new, {path: text.encode() for path, text in now.items()}, frozenset(keep))


def done(plan: Plan, now: Texts) -> dict[PurePosixPath, str]:
    """Return the project after what was planned."""
    left = {path: text for path, text in now.items() if str(path) not in plan.removes}
    return left | {PurePosixPath(path): text for path, text in plan.writes.items()}


@pytest.mark.parametrize("seed", range(20))
def test_edits_all_over_a_project_come_together_with_a_template_that_changed_all_over(blog: Texts, seed: int):
    chance = random.Random(seed)
    new, now, both = dict(blog), dict(blog), dict(blog)
    for path, text in blog.items():
        lines = text.splitlines(keepends=True)
        # Every third line at most, so that one stays between any two; a side is drawn for each.
        places = {number: chance.choice(("new", "now")) for number in range(0, len(lines), 3) if chance.random() < 0.3}
        for texts, sides in ((new, {"new"}), (now, {"now"}), (both, {"new", "now"})):
            texts[path] = "".join(
                f"# {places[number]} {path} {number}\n" if places.get(number) in sides else line
                for number, line in enumerate(lines)
            )
    migrations = {path for path in blog if path.parts[:2] == ("migrations", "versions")}

    plan = planned(blog, new, now)

    assert not plan.conflicts
    assert done(plan, now) == {**both, **{path: now[path] for path in migrations}}
    assert not planned(new, new, done(plan, now)).writes


@pytest.mark.parametrize("seed", range(20))
def test_an_edit_of_a_line_that_the_template_changed_is_a_conflict_with_both_sides(blog: Texts, seed: int):
    chance = random.Random(seed)
    path = chance.choice(
        [path for path, text in blog.items() if text.count("\n") > 3 and path.parts[0] != "migrations"]
    )
    lines = blog[path].splitlines(keepends=True)
    number = chance.randrange(len(lines))

    def changed(line: str) -> dict[PurePosixPath, str]:
        return {**blog, path: "".join([*lines[:number], line, *lines[number + 1 :]])}

    plan = planned(blog, changed("# new\n"), changed("# now\n"))

    [conflict] = plan.conflicts
    assert (conflict.path, conflict.line) == (str(path), number + 1)
    assert (conflict.yours, conflict.today) == ("# now\n", "# new\n")
    assert not planned(blog, changed("# new\n"), changed("# now\n"), str(path)).conflicts


def test_conduit_bent_by_hand_takes_over_a_new_template(tmp_path: Path):
    today = render_backend(read_yaml(HERE / "conduit.yaml"))
    older = {path: f"# Written long ago.\n{text}\n# The end.\n" if text else text for path, text in today.items()}
    bend(tmp_path)
    bent = {PurePosixPath(path.relative_to(tmp_path)): path.read_text(encoding="utf-8") for path in _files(tmp_path)}
    edited = {
        path: f"# Written long ago.\n{text}\n# The end.\n" if path in older and text else text
        for path, text in bent.items()
    }

    plan = planned(older, today, edited)

    assert not plan.conflicts
    assert len(plan.merged) == 4
    initial = PurePosixPath("migrations/versions/0001_initial.py")
    assert done(plan, edited) == {**bent, initial: edited[initial]}


def _files(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file()]


def test_what_is_not_edited_is_taken_over_and_the_rest_is_left_alone(blog: Texts):
    new = {**blog, MAIN: "# new\n", PurePosixPath("app/extra.py"): "# extra\n"}
    now = {**blog, PurePosixPath("app/own.py"): "# own\n", PurePosixPath("app/cache.py"): "# mine\n"}

    plan = planned(blog, new, now)

    assert plan.writes == {"app/main.py": "# new\n", "app/extra.py": "# extra\n"}
    assert (plan.conflicts, plan.removes, plan.merged) == ([], [], [])


def test_a_file_that_the_template_lost_goes_unless_it_was_edited(blog: Texts):
    new = {path: text for path, text in blog.items() if path != MAIN}

    assert planned(blog, new, blog).removes == ["app/main.py"]
    [conflict] = planned(blog, new, {**blog, MAIN: blog[MAIN] + "# mine\n"}).conflicts
    assert (conflict.path, conflict.reason) == (
        "app/main.py",
        "the template has no such file any more, and you have edited it",
    )


def test_edits_follow_a_file_to_its_new_place(blog: Texts):
    place = PurePosixPath("app/application.py")
    new = {path: text for path, text in blog.items() if path != MAIN} | {place: f"# moved\n{blog[MAIN]}"}

    plan = planned(blog, new, {**blog, MAIN: blog[MAIN] + "# mine\n"})

    assert plan.writes == {str(place): f"# moved\n{blog[MAIN]}# mine\n"}
    assert plan.removes == ["app/main.py"]
    assert plan.notes == ["app/main.py is app/application.py now, with your edits"]
    assert planned(blog, new, blog).removes == ["app/main.py"]


def test_a_file_of_the_same_name_is_not_overwritten(blog: Texts):
    place = PurePosixPath("app/own.py")

    [conflict] = planned(blog, {**blog, place: "# theirs\n"}, {**blog, place: "# mine\n"}).conflicts

    assert conflict.reason == "the template has a file of this name now, and so have you"


def test_what_was_removed_stays_removed_and_that_is_told(blog: Texts):
    now = {path: text for path, text in blog.items() if path != MAIN}

    plan = planned(blog, {**blog, MAIN: "# new\n"}, now)

    assert not plan.writes
    assert plan.notes == ["app/main.py stays removed, although the template changed it"]


def test_a_revision_is_never_edited(blog: Texts):
    initial = PurePosixPath("migrations/versions/0001_initial.py")

    plan = planned(blog, {**blog, initial: "# another\n"}, blog)

    assert (plan.writes, plan.conflicts) == ({}, [])
