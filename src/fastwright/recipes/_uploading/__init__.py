"""Files that callers send, and get back."""
