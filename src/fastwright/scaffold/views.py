"""What the templates see: the design's names and types, worked out once so that templates stay plain."""

from __future__ import annotations

from dataclasses import dataclass

import inflection

from fastwright.design.model import Design, Resource


@dataclass(frozen=True)
class ResourceView:
    """One resource under all the names that the generated code needs."""

    design: Resource

    @property
    def name(self) -> str:
        """The class name, `OrderItem`."""
        return self.design.name

    @property
    def singular(self) -> str:
        """The variable and function part, `order_item`."""
        return inflection.underscore(self.design.name)

    @property
    def plural(self) -> str:
        """The plural in snake case, `order_items`; also the table."""
        return self.design.plural

    @property
    def package(self) -> str:
        """The domain package below `app/`, `order_items`."""
        return self.design.plural

    @property
    def route(self) -> str:
        """The path segment, `order-items`."""
        return self.design.plural.replace("_", "-")


@dataclass(frozen=True)
class BackendView:
    """The whole backend."""

    design: Design
    resources: tuple[ResourceView, ...]

    @classmethod
    def of(cls, design: Design) -> BackendView:
        """Return the view of `design`."""
        return cls(design, tuple(ResourceView(resource) for resource in design.resources))
