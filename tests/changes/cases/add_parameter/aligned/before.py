def list_items(session,
               offset=0):
    return 1
