"""A shelf of the shop, which may be part of another."""
