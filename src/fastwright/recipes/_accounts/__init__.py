"""Accounts and signing in: the parts of their code, and what has to be true of them."""
