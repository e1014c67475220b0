def test_users_come_with_their_posts(client):
    assert client.get("/api/users").json() == [{"id": 1, "name": "Ada", "posts": []}]


def test_a_product_is_created(client):
    answer = client.post("/api/products", json={"name": "Lamp", "price": "12.50"})
    assert answer.status_code == 201
    assert answer.json()["condition"] == "new"


def test_a_product_without_a_price_is_refused(client):
    assert client.post("/api/products", json={"name": "Lamp"}).status_code == 422
