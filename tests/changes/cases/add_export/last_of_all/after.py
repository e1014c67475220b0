__all__ = ['a', 'b', 'get_review']
