"""Tests of the posts."""
