def test_tools(client, user_client):
    assert user_client.get("/tools").status_code == 200
