"""Something a seller offers."""
