from fastapi.testclient import TestClient

from app.core.config import settings

PLANTS = f"{settings.API_V1_STR}/plants/"


def test_create_plant(client: TestClient, normal_user_token_headers: dict[str, str]) -> None:
    response = client.post(
        PLANTS, headers=normal_user_token_headers, json={"name": "Fern", "every_days": 3}
    )
    assert response.status_code == 200
    content = response.json()
    assert content["name"] == "Fern"
    assert content["bench"] is None


def test_read_plants_only_own(
    client: TestClient,
    normal_user_token_headers: dict[str, str],
    superuser_token_headers: dict[str, str],
) -> None:
    client.post(PLANTS, headers=normal_user_token_headers, json={"name": "Fern"})
    client.post(PLANTS, headers=superuser_token_headers, json={"name": "Olive"})
    mine = client.get(PLANTS, headers=normal_user_token_headers).json()
    assert mine["count"] == 1
    everything = client.get(PLANTS, headers=superuser_token_headers).json()
    assert [p["name"] for p in everything["data"]] == ["Fern", "Olive"]


def test_read_plant_not_enough_permissions(
    client: TestClient,
    normal_user_token_headers: dict[str, str],
    superuser_token_headers: dict[str, str],
) -> None:
    plant = client.post(PLANTS, headers=superuser_token_headers, json={"name": "Olive"}).json()
    response = client.get(f"{PLANTS}{plant['id']}", headers=normal_user_token_headers)
    assert response.status_code == 400


def test_water(client: TestClient, normal_user_token_headers: dict[str, str]) -> None:
    plant = client.post(PLANTS, headers=normal_user_token_headers, json={"name": "Fern"}).json()
    url = f"{PLANTS}{plant['id']}/waterings"
    assert client.post(url, headers=normal_user_token_headers, json={"millilitres": 0}).status_code == 422
    assert client.post(url, headers=normal_user_token_headers, json={"millilitres": 200}).status_code == 201
    assert [w["millilitres"] for w in client.get(url, headers=normal_user_token_headers).json()] == [200]


def test_update_and_delete(client: TestClient, normal_user_token_headers: dict[str, str]) -> None:
    plant = client.post(PLANTS, headers=normal_user_token_headers, json={"name": "Fern"}).json()
    url = f"{PLANTS}{plant['id']}"
    assert client.put(url, headers=normal_user_token_headers, json={"species": "x"}).json()["species"] == "x"
    assert client.delete(url, headers=normal_user_token_headers).json()["message"]
    assert client.get(url, headers=normal_user_token_headers).status_code == 404
