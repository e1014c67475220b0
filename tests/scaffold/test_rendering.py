"""Every design becomes files that parse, are formatted, and leave no trace of what was not chosen."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from fastwright.design import read_yaml
from fastwright.design.model import Access, AccessRules, Design, Field, FieldType, Relation, Resource
from fastwright.scaffold.engine import render_backend
from fastwright.scaffold.order import creatable_order, deferred

EXAMPLES = Path(__file__).parents[2] / "examples"
ANYBODY = Access(level="authenticated")
RULES = AccessRules(list=ANYBODY, read=ANYBODY, create=ANYBODY, update=ANYBODY, delete=ANYBODY)
TITLE = Field(name="title", type=FieldType.STR, min_length=1, max_length=80)


def resource(name: str, plural: str, *relations: Relation, fields: tuple[Field, ...] = (TITLE,)) -> Resource:
    return Resource(name=name, plural=plural, fields=fields, relations=relations, access=RULES)


def to_one(name: str, target: str, *, required: bool = True) -> Relation:
    return Relation(name=name, kind="to_one", target=target, required=required)


@cache
def rendered(example: str) -> dict[PurePosixPath, str]:
    design = Design(name="empty") if example == "none" else read_yaml(EXAMPLES / f"{example}.yaml")
    return render_backend(design)


@pytest.mark.parametrize("example", ["none", "shop", "blog", "clinic", "erp"])
def test_every_module_parses_and_is_of_readable_size(example: str) -> None:
    for path, text in rendered(example).items():
        if path.suffix != ".py":
            continue
        tree = ast.parse(text, str(path))
        assert ast.get_docstring(tree) or not tree.body, f"{path} does not say what it is for"
        if path.parts[0] == "app":
            assert len(text.splitlines()) <= 300, path
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    assert (node.end_lineno or 0) - node.lineno < 40, f"{path}: {node.name}"


def test_rendering_is_repeatable() -> None:
    assert render_backend(read_yaml(EXAMPLES / "blog.yaml")) == rendered("blog")


def test_what_a_design_does_not_use_leaves_no_trace() -> None:
    files = rendered("none")
    paths = {str(path) for path in files}
    assert not paths & {"app/enums.py", "app/references.py", "tests/factories/__init__.py"}
    assert not [path for path in paths if "_resource_" in path or "{{" in path or path.endswith(".jinja")]

    plain = render_backend(Design(name="plain", resources=(resource("Note", "notes"),)))
    assert PurePosixPath("app/references.py") not in plain
    assert "Timestamp" in plain[PurePosixPath("app/fields.py")]
    assert "Decimal(" not in plain[PurePosixPath("app/fields.py")]
    assert "CurrentUser" in plain[PurePosixPath("app/notes/router.py")]
    assert "Permission" not in plain[PurePosixPath("app/notes/router.py")]


def test_a_label_is_shown_only_to_those_who_may_read_its_row() -> None:
    private = RULES.model_copy(update={"read": Access(level="owner"), "list": Access(level="owner")})
    secret = resource("Secret", "secrets", to_one("keeper", "User")).model_copy(
        update={"owner": "keeper", "access": private}
    )
    note = resource("Note", "notes", to_one("secret", "Secret"))
    files = render_backend(Design(name="plain", resources=(secret, note)))
    assert "title" not in files[PurePosixPath("app/secrets/refs.py")]
    # … and a body may name a secret only if the caller may read it.
    assert "secrets_owned_by(user)" in files[PurePosixPath("app/notes/service.py")]


def test_tables_come_after_those_they_refer_to() -> None:
    chicken = resource("Chicken", "chickens", to_one("egg", "Egg", required=False))
    egg = resource("Egg", "eggs", to_one("layer", "Chicken"), to_one("twin", "Egg", required=False))
    yolk = resource("Yolk", "yolks", to_one("egg", "Egg"))
    ordered = creatable_order((yolk, egg, chicken))
    assert [each.name for each in ordered] == ["Chicken", "Egg", "Yolk"]
    assert deferred(ordered) == {("Chicken", "egg")}
