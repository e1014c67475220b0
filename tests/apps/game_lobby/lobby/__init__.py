"""Find people to play board games with. See lobby.server for the application."""
