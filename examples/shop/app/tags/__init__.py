"""A word for products and posts."""
