"""The application whose transactions are real, for what only shows between them."""

from tests.auth.conftest import committed_app, committed_client, committed_settings

__all__ = ["committed_app", "committed_client", "committed_settings"]
