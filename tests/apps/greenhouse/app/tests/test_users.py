from fastapi.testclient import TestClient

from app.core.config import settings

API = settings.API_V1_STR


def test_use_access_token(client: TestClient, superuser_token_headers: dict[str, str]) -> None:
    r = client.post(f"{API}/login/test-token", headers=superuser_token_headers)
    assert r.status_code == 200
    assert r.json()["email"] == settings.FIRST_SUPERUSER


def test_normal_users_cannot_list(client: TestClient, normal_user_token_headers: dict[str, str]) -> None:
    assert client.get(f"{API}/users/", headers=normal_user_token_headers).status_code == 403


def test_superuser_lists_and_deletes(
    client: TestClient,
    superuser_token_headers: dict[str, str],
    normal_user_token_headers: dict[str, str],
) -> None:
    users = client.get(f"{API}/users/", headers=superuser_token_headers).json()
    assert users["count"] == 2
    rosa = next(u for u in users["data"] if u["email"] == "rosa@example.com")
    r = client.delete(f"{API}/users/{rosa['id']}", headers=superuser_token_headers)
    assert r.json() == {"message": "User deleted successfully"}


def test_benches_are_public_to_read(client: TestClient, superuser_token_headers: dict[str, str]) -> None:
    r = client.post(f"{API}/benches/", headers=superuser_token_headers, json={"name": "South"})
    assert r.status_code == 200
    assert client.get(f"{API}/benches/").json() == [{"id": 1, "name": "South", "is_heated": False}]
    assert client.post(f"{API}/benches/", json={"name": "North"}).status_code == 401


def test_health_check(client: TestClient) -> None:
    assert client.get(f"{API}/utils/health-check/").json() is True
