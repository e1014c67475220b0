"""Ask Alembic which operations make the tables of the models from nothing."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

from fastwright.project.probe.engines import Engines
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.loading import load_app
from fastwright.proof.guest.walls import Walls


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return the code of the upgrade and of the downgrade; `metadata` is where the tables are, as `module:name`."""
    walls = Walls([request["root"], request["scratch"]])
    Engines(Path(request["scratch"]), walls).redirect()
    walls.put_up()
    if importlib.util.find_spec("alembic") is None:
        return {"missing": "alembic"}
    load_app({**request["entry"], "paths": request["paths"]}, request["root"])
    for module in request["modules"]:
        importlib.import_module(module)
    module, _colon, name = request["metadata"].partition(":")
    metadata = getattr(importlib.import_module(module), name).metadata
    operations: Any = importlib.import_module("alembic.operations.ops")
    render: Any = importlib.import_module("alembic.autogenerate").render_python_code
    found: list[Any] = []
    for table in metadata.sorted_tables:
        found.append(operations.CreateTableOp.from_table(table))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        found += [operations.CreateIndexOp.from_index(index) for index in indexes]
    upgrade = operations.UpgradeOps(ops=found)
    options = {"render_item": _of_every_database, "migration_context": _speaking_as(metadata)}
    return {"upgrade": render(upgrade, **options), "downgrade": render(upgrade.reverse(), **options)}


def _speaking_as(metadata: Any) -> Any:
    """Return the context of the database that has types of the models, and knows how they are written."""
    types = (type(column.type).__module__ for table in metadata.sorted_tables for column in table.columns)
    names = [module.split(".")[2] for module in types if module.startswith("sqlalchemy.dialects.")]
    context = foreign("alembic.runtime.migration").MigrationContext
    return context.configure(dialect_name=names[0]) if names else None


def _of_every_database(kind: str, item: Any, _context: Any) -> str | bool:
    """Return `func.now()` as it is in the models: as text it would be `now()`, which SQLite does not know."""
    now = foreign("sqlalchemy.sql.functions").now
    return "sa.func.now()" if kind == "server_default" and isinstance(getattr(item, "arg", None), now) else False
