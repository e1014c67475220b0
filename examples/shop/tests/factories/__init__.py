"""One async factory for each entity: it inserts a row, and whatever that row needs."""
