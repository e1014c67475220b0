"""News about the shop."""
