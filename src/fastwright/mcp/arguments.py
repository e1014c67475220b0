"""The arguments of a tool: a model of its own for every verb, made of the fields of the verb's request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from mcp.server.mcpserver.utilities.func_metadata import ArgModelBase
from pydantic import ConfigDict, ValidationError, create_model

from fastwright.errors import InputError
from fastwright.mcp.calls import Call, Desk
from fastwright.mcp.schemas import argument_fields
from fastwright.mcp.verbtool import VerbTool


class Arguments(ArgModelBase):
    """What a client gave for a verb; an argument that is not known is an error, and not ignored."""

    model_config = ConfigDict(extra="forbid")
    desk: ClassVar[Desk]
    verb: ClassVar[str]

    def model_dump_one_level(self) -> dict[str, Any]:
        """Return what the function behind every tool is called with."""
        return {"call": Call(self.desk, self.verb, {name: getattr(self, name) for name in self.model_fields_set})}

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Call:
        """Return the call that has these arguments. Raises `InputError` for what the verb does not take."""
        try:
            call: Call = cls.model_validate(dict(values)).model_dump_one_level()["call"]
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise InputError(
                f"these are not the arguments of {cls.verb}: {wrong}",
                hint=f"it takes {', '.join(cls.model_fields)}",
            ) from None
        return call


def arguments_of(desk: Desk, name: str, tool: VerbTool) -> type[Arguments]:
    """Return the model for a verb of a server."""
    fields: dict[str, Any] = argument_fields(tool)
    model = create_model(f"{name}_arguments", __base__=Arguments, **fields)
    model.desk, model.verb = desk, name
    return model
