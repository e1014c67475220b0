"""How the backend knows who is calling."""
