"""What a rule is made of: import everything that a rule needs from here.

A rule is one module, named after what it finds (the name reads after "allow"), with
- a docstring in five sections, *What it does*, *Why it hurts*, *Bad*, *Good*, *Known limits*: it is the page of the
  documentation, and its examples are the test: the lines of Bad that are marked `# <- found` are found, Good is silent
  under all rules;
- `RULE`, a `Rule`: category, severity, and the standards that it serves;
- `find(view) -> Iterator[Found]`: every place, made by `at` (a node) or `on` (an endpoint);
- where there is one safe answer, `fix(view, found) -> Change | None`.

`scripts/new_rule.py NAME` writes the stub.
"""

from __future__ import annotations

from fastwright.rules._engine.endpoints import Dependency, Route
from fastwright.rules._engine.facts import Site
from fastwright.rules._engine.fields import Field, core_columns
from fastwright.rules._engine.finding import Finding, Found, Rule, at, on
from fastwright.rules._engine.following import Called, Reached
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class, Module
from fastwright.rules._engine.origins import Origin
from fastwright.rules._engine.parameters import Parameter
from fastwright.rules._engine.statements import Step
from fastwright.rules._engine.tables import WrittenTable
from fastwright.rules._engine.values import Bound, External, Instance, Scope, Value, library, project_class
from fastwright.rules._engine.view import View

__all__ = [
    "Bound",
    "Called",
    "Class",
    "Dependency",
    "External",
    "Field",
    "Finding",
    "Found",
    "Function",
    "Instance",
    "Module",
    "Origin",
    "Parameter",
    "Reached",
    "Route",
    "Rule",
    "Scope",
    "Site",
    "Step",
    "Value",
    "View",
    "WrittenTable",
    "at",
    "core_columns",
    "library",
    "on",
    "project_class",
]
