"""`new` as a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastwright.agent.facts import Performed, facts_of, failed_steps
from fastwright.agent.plan import Step
from fastwright.project.where import Where
from fastwright.proof.model import Progress
from fastwright.verbs.new import NewRequest, new

# What words say and designs do not have, by what is nearest; a name is what every thing has.
_TYPES = {"float": "decimal"}
_DEFAULT = "name:str(1..200)"


def perform(step: Step, where: Where, progress: Progress) -> Performed:
    """Write the new backend beside what is here."""
    resources = tuple(shorthand(resource) for resource in step.args["resources"])
    result = new(NewRequest(name=step.args["name"], resources=resources, directory=where.project), progress)
    return Performed(
        step=step,
        done=result.proof.proven,
        landed=result.landed,
        facts=facts_of(result.explanation, result.proof).model_copy(update={"files": (str(result.directory),)}),
        error="" if result.proof.proven else failed_steps(result.proof),
        result=result,
    )


def shorthand(resource: Mapping[str, Any]) -> str:
    """Return a resource of a plan as `new -r` takes it; without fields it has a name."""
    fields = [_field(field) for field in resource.get("fields", ())]
    return " ".join([resource["resource"], *(fields or [_DEFAULT])])


def _field(field: Mapping[str, Any]) -> str:
    kind = _TYPES.get(field.get("type", "str"), field.get("type", "str"))
    low, high = field.get("min"), field.get("max")
    bounds = (
        f"({low if low is not None else ''}..{high if high is not None else ''})" if (low, high) != (None, None) else ""
    )
    mark = "!" * bool(field.get("unique")) + "?" * (field.get("required") is False)
    return f"{field['name']}:{kind}{bounds}{mark}"
