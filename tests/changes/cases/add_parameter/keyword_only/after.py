def list_items(
    session,
    *,
    offset: int = 0,  # from 0
    # how many
    limit: int = 20,
): ...
