"""Entity tags compare as RFC 9110 says."""

import pytest
from pydantic import BaseModel

from app.errors import PreconditionFailed
from app.etag import etag, is_current, require_match


class Shown(BaseModel):
    version: int
    category: str = "Tools"


CURRENT = etag(Shown(version=3))


@pytest.mark.parametrize("header", [None, "*", CURRENT, f'"1-0", {CURRENT}', 'W/"1-0","3-0"', '"3"'])
def test_a_change_with_the_current_version_may_go_on(header: str | None) -> None:
    require_match(header, 3)


@pytest.mark.parametrize("header", ['"2-0"', f"W/{CURRENT}", '"1", "2"', '""', '"33-0"'])
def test_a_change_with_another_version_is_refused(header: str) -> None:
    with pytest.raises(PreconditionFailed):
        require_match(header, 3)


@pytest.mark.parametrize(
    ("header", "current"), [(None, False), (CURRENT, True), (f"W/{CURRENT}", True), ("*", True), ('"3-0"', False)]
)
def test_a_copy_is_current_if_its_tag_is_named(header: str | None, *, current: bool) -> None:
    assert is_current(header, CURRENT) is current


def test_what_is_shown_of_other_rows_changes_the_tag_and_not_who_may_write() -> None:
    renamed = etag(Shown(version=3, category="Books"))

    assert renamed != CURRENT
    require_match(CURRENT, 3)
    require_match(renamed, 3)
