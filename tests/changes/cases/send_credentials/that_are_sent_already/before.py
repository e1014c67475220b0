def test_tools(client, headers):
    client.get("/tools", headers=headers)
