__all__ = ["get_review"]
