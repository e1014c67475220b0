async def test_add(client, token):
    await client.post(
        "/tools",
        json={"name": "Saw"},  # new
        headers={"X-Token": token},
    )
