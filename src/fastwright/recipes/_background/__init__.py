"""Slow side work that is done after the answer."""
