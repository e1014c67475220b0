def test_tools(client, user_client):
    assert client.get("/tools").status_code == 200
