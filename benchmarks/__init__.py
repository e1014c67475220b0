"""Measurements that are repeated by hand or by CI; no part of the package."""
