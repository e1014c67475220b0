"""The backend."""
