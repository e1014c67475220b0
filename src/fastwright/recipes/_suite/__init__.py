"""Tests for endpoints that are there: what they answer is asked first, and written down as a person would."""
