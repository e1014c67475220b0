"""What gives out credentials is recognised by its path and its name, and nothing else that is registered is."""

from __future__ import annotations

import pytest

from fastwright.project.model import Auth, Endpoint
from fastwright.recipes._public import issues_credentials


def endpoint(path: str, name: str) -> Endpoint:
    return Endpoint(
        name=name,
        file="main.py",
        line=1,
        method="POST",
        path=path,
        kind="operation",
        auth=Auth(required=False, proven=True, claimed=False),
        request_model=None,
        response_model=None,
        status_code=201,
        is_async=True,
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/auth/sign-up", "create"),
        ("/members", "register"),
        ("/members", "register_user"),
        ("/members", "register_new_member"),
        ("/members", "register_with_phone"),
        ("/session", "login_for_access_token"),
    ],
)
def test_an_account_that_is_registered_gets_credentials(path: str, name: str) -> None:
    assert issues_credentials(endpoint(path, name))


@pytest.mark.parametrize("name", ["register_parcel", "register_visit", "registered"])
def test_a_thing_that_is_registered_gets_none(name: str) -> None:
    assert not issues_credentials(endpoint("/parcels", name))
