"""Accounts after they exist."""
