def test_tools(client, headers):
    answer = client.get("/tools", headers=headers).json()
    assert answer == []
