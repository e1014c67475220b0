"""The apps below are foreign: their tests run in their own environments, from `test_truth.py`, and never from here."""

from __future__ import annotations

from corpus import APPS

collect_ignore = list(APPS)
