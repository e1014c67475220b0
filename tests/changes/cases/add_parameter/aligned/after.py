def list_items(session,
               offset=0,
               limit: int = 20):
    return 1
