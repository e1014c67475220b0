"""How well, and how fast, words become plans."""
