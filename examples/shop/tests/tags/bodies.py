"""What makes a tag, as JSON."""

from typing import Any


async def tag_body() -> dict[str, Any]:
    """Return JSON that makes a tag."""
    return {
        "name": "Alder",
    }
