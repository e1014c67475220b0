"""A value that was refused, and what is known of what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.answers import Refused, Schema
from fastwright.diagnose.sampling import Sampler


@dataclass(frozen=True)
class Case:
    """A value that was refused, what for, and what its schema allows."""

    value: JsonValue | values.Missing
    refused: Refused
    sampler: Sampler
    name: str

    @property
    def schema(self) -> Schema:
        """The schema of the value; of several alternatives, the one that is like what was sent."""
        return self.sampler.alternative(self.refused.schema_ or {}, self.value)

    @property
    def context(self) -> Mapping[str, Any]:
        return self.refused.ctx

    def sample(self) -> JsonValue:
        return self.sampler.sample(self.schema, self.name)

    def sample_number(self) -> JsonValue:
        """Return a number that is allowed. A decimal may be a text as well, of which the schema says nothing."""
        return self.sampler.sample(self.sampler.alternative(self.refused.schema_ or {}, 0), self.name)
