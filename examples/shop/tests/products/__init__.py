"""Tests of the products."""
