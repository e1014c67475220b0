"""Capabilities that an app can be given: each detects what is there, and plans operations with a promise."""
