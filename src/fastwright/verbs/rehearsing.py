"""Ask an app what it answers before anything is planned: on a copy, with a scratch database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from fastwright.diagnose.sampling import Sampler
from fastwright.proof.calls import Around, Call, Conversation, converse
from fastwright.proof.ground import Ground
from fastwright.proof.guard import Guard
from fastwright.proof.pair import Pair
from fastwright.recipes._recipe import Known


@dataclass(frozen=True)
class Rehearsal:
    """The app of a ground, as it is."""

    ground: Ground

    @property
    def documents(self) -> Mapping[str, Any]:
        return self.ground.reading.documents

    def converse(self, calls: Sequence[Call], around: Around | None = None) -> Conversation:
        """Return what the app answers, started anew. Raises `NotDone` if it cannot be asked."""
        place = self.ground.copy.stage.scratch / "rehearsal"
        place.mkdir(exist_ok=True)
        if not (place / "before").exists():
            (place / "before").symlink_to(self.ground.copy.project)
        with Guard() as guard:
            ground = self.ground
            pair = Pair(place, ground.copy.stage.target, ground.python, guard, ground.entry.shown, ground.variables)
            return converse(pair, "before", calls, around)

    def sample(self, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> JsonValue:
        """Return a value that a schema allows, as small as may be."""
        return Sampler(definitions).sample(dict(schema))


def knowing(ground: Ground) -> Known:
    """Return what recipes know of a project."""
    return Known(ground.reading.project, ground.source, Rehearsal(ground))
