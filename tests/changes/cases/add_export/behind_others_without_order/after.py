__all__ = ["z", "b", "get_review"]
