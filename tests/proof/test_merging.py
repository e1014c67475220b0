"""Two edits of one text: those that leave a line between them merge to both, and those that meet are not decided."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastwright.proof.merging import merge, take_out

# What becomes of one line: it stays, or one side removes it, replaces it, or puts lines behind it.
Fate = tuple[str, str]
FATES = st.tuples(st.sampled_from(["ours", "theirs"]), st.sampled_from(["removed", "replaced", "followed"]))


def text(lines: list[str]) -> bytes:
    return "".join(lines).encode()


def edited(count: int, fates: dict[int, Fate], *sides: str) -> bytes:
    """Return numbered lines with the edits of these sides."""
    lines: list[str] = []
    for number in range(count):
        side, fate = fates.get(number, ("", ""))
        kept, new = f"line {number}\n", f"{side} at {number}\n"
        if side not in sides:
            lines.append(kept)
        elif fate == "replaced":
            lines.append(new)
        elif fate == "followed":
            lines += [kept, new]
    return text(lines)


@st.composite
def edits(draw: st.DrawFn) -> tuple[int, dict[int, Fate]]:
    """Return how many lines there are and what becomes of some, with an unchanged line between any two sides."""
    count = draw(st.integers(3, 60))
    fates: dict[int, Fate] = {}
    for number in sorted(draw(st.sets(st.integers(0, count - 1), max_size=count))):
        near = [fates[other][0] for other in (number - 2, number - 1) if other in fates]
        fate = draw(FATES)
        if all(side == fate[0] for side in near):
            fates[number] = fate
    return count, fates


@given(edits())
@settings(max_examples=300)
def test_edits_with_a_line_between_them_merge_to_both(drawn: tuple[int, dict[int, Fate]]):
    count, fates = drawn
    common, ours, theirs = (edited(count, fates, *side) for side in ((), ("ours",), ("theirs",)))

    merged = merge(common, ours, theirs)

    assert merged.clashes == ()
    assert merged.content == edited(count, fates, "ours", "theirs")
    assert merge(common, theirs, ours).content == merged.content


@given(edits(), st.data())
@settings(max_examples=300)
def test_two_edits_of_one_line_are_a_clash_that_shows_both(drawn: tuple[int, dict[int, Fate]], data: st.DataObject):
    count, fates = drawn
    number = data.draw(st.integers(0, count - 1))
    fates = {other: fate for other, fate in fates.items() if abs(other - number) > 2}
    common = edited(count, fates)
    ours = edited(count, {**fates, number: ("ours", "replaced")}, "ours")
    theirs = edited(count, {**fates, number: ("theirs", "replaced")}, "theirs")

    merged = merge(common, ours, theirs)

    assert merged.content is None
    [clash] = merged.clashes
    assert (clash.line, clash.common) == (number + 1, (f"line {number}\n".encode(),))
    assert (clash.ours, clash.theirs) == ((f"ours at {number}\n".encode(),), (f"theirs at {number}\n".encode(),))


@given(edits())
@settings(max_examples=100)
def test_the_same_edit_on_both_sides_is_made_once(drawn: tuple[int, dict[int, Fate]]):
    count, fates = drawn
    common, both = edited(count, fates), edited(count, fates, "ours", "theirs")

    assert merge(common, both, both).content == both
    assert merge(common, both, common).content == both


@given(edits())
@settings(max_examples=100)
def test_what_is_taken_out_leaves_the_edits_since(drawn: tuple[int, dict[int, Fate]]):
    count, fates = drawn
    before, after = edited(count, fates), edited(count, fates, "ours")

    assert take_out(before, after, edited(count, fates, "ours", "theirs")) == edited(count, fates, "theirs")


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        (
            "import gc\nfrom a import b\n",
            "from a import b\nfrom c import d\n",
            "import gc\nfrom a import b\nfrom c import d\n",
        ),
        ("from a import b\nfrom b import x\n", "from a import b\nfrom b import y\n", None),
        ("from a import b, c\n", "from a import b, d\n", None),
        ("", "from a import b\nfrom c import d\n", "from c import d\n"),
    ],
)
def test_imports_stand_for_themselves(ours: str, theirs: str, merged: str | None):
    found = merge(b"from a import b\n", ours.encode(), theirs.encode()).content

    assert found == (None if merged is None else merged.encode())


def test_what_is_not_text_is_not_merged():
    assert merge(b"a\0\n", b"b\0\n", b"c\0\n").content is None
    assert merge(b"a\n", b"b\0\n", b"b\0\n").content == b"b\0\n"
