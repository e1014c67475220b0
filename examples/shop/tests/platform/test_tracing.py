"""Nothing is traced unless somebody collects it."""

import pytest

from app.tracing import ENDPOINT, make_telemetry


@pytest.mark.parametrize(("endpoint", "is_on"), [(None, False), ("", False), ("http://collector:4318", True)])
def test_it_is_on_where_an_endpoint_is_named(
    monkeypatch: pytest.MonkeyPatch, endpoint: str | None, is_on: bool
) -> None:
    monkeypatch.delenv(ENDPOINT, raising=False)
    if endpoint is not None:
        monkeypatch.setenv(ENDPOINT, endpoint)

    telemetry = make_telemetry()

    assert (telemetry["auto_configure"], telemetry["tracing"], telemetry["metrics"]) == (is_on, is_on, is_on)
    assert not telemetry["logs"]


@pytest.mark.parametrize(
    ("path", "is_left_out"), [("/health/ready", True), ("/metrics", True), ("/api/v1/users", False)]
)
def test_probes_are_left_out(path: str, is_left_out: bool) -> None:
    exclude = make_telemetry()["exclude"]
    assert exclude is not None
    assert exclude({"path": path}) is is_left_out
