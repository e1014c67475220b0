from __future__ import annotations

from typing import Any

x = 1
