__all__ = ("a", "get_review", "z")
