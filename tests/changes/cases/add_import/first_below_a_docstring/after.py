"""Doc."""

from typing import Any

x = 1
