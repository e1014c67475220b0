def test_tools(client, headers):
    answer = client.get("/tools").json()
    assert answer == []
