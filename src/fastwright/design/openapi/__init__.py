"""An OpenAPI document as a design: what its schemas, paths and security say about resources."""

from __future__ import annotations

from fastwright.design.openapi.reading import read_openapi

__all__ = ["read_openapi"]
