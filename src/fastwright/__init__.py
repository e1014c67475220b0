"""Fastwright: an expert FastAPI backend engineer whose every change is proven before it lands."""

__version__ = "0.1.0"
