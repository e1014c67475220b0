"""Entity tags compare as RFC 9110 says."""

import pytest

from app.errors import PreconditionFailed
from app.etag import etag, is_current, require_match


@pytest.mark.parametrize("header", [None, "*", '"3"', '"1", "3"', 'W/"1","3"'])
def test_a_change_with_the_current_version_may_go_on(header: str | None) -> None:
    require_match(header, 3)


@pytest.mark.parametrize("header", ['"2"', 'W/"3"', '"1", "2"', '""', '"33"'])
def test_a_change_with_another_version_is_refused(header: str) -> None:
    with pytest.raises(PreconditionFailed):
        require_match(header, 3)


@pytest.mark.parametrize(
    ("header", "current"), [(None, False), ('"3"', True), ('W/"3"', True), ("*", True), ('"2"', False)]
)
def test_a_copy_is_current_if_its_tag_is_named(header: str | None, *, current: bool) -> None:
    assert is_current(header, 3) is current


def test_a_tag_is_quoted() -> None:
    assert etag(3) == '"3"'
