"""Rows that are marked in place of being deleted."""
