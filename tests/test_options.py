"""Options of a backend come together: every pair of them is in some row of a table, and each row is a whole backend."""

from __future__ import annotations

import ast
from itertools import combinations, product
from pathlib import Path, PurePosixPath

import pytest

from fastwright.design import read_yaml_text, write_yaml
from fastwright.design.model import Design
from fastwright.scaffold.engine import render_backend
from fastwright.scaffold.record import Record, read_record
from fastwright.verbs.new import NewRequest, new

# What each adds to the design: an option, a line at its top, or one of the resource `Note` or of its fields.
PARTS: dict[str, tuple[str, str]] = {
    "http-client": ("options", "http-client"),
    "oidc": ("options", "oidc"),
    "admin": ("options", "admin"),
    "soft delete": ("note", "soft_delete: true"),
    "file": ("fields", "scan: file(application/pdf|image/png, ..2MB)?"),
    "versions": ("top", "versions: 2"),
    "owner": ("fields", "author: ->User"),
    "relations": ("fields", 'topic: "->Topic"\n      related: "<->Topic"'),
}
# Few enough to prove each, and yet any two parts are in one together, in one apart, and in one each without the other.
ROWS: tuple[frozenset[str], ...] = tuple(
    frozenset(row)
    for row in (
        (),
        ("http-client", "oidc", "admin", "soft delete", "file"),
        ("http-client", "oidc", "admin", "owner", "relations"),
        ("http-client", "soft delete", "owner", "versions"),
        ("http-client", "oidc", "file", "relations", "versions"),
        ("admin", "soft delete", "file", "owner", "relations", "versions"),
    )
)
# Signing in needs the client.
IMPOSSIBLE = {("http-client", "oidc"): {(False, True)}}


def design_of(row: frozenset[str]) -> Design:
    """Return the design that has these parts and no others."""
    chosen: dict[str, list[str]] = {"options": [], "top": [], "fields": ["title: str(1..80)!"], "note": []}
    for part, (where, text) in PARTS.items():
        if part in row:
            chosen[where].append(text)
    lines = ["name: pairs", f"options: [{', '.join(chosen['options'])}]", *chosen["top"], "resources:"]
    lines += ["  Topic:", "    fields: {name: str(1..40)!}"] if "relations" in row else []
    lines += ["  Note:", *(f"    {line}" for line in chosen["note"]), "    fields:"]
    lines += [f"      {line}" for line in chosen["fields"]]
    return read_yaml_text("\n".join(lines) + "\n", "pairs.yaml")


def name_of(row: frozenset[str]) -> str:
    return " + ".join(part for part in PARTS if part in row) or "nothing"


def test_every_pair_is_together_apart_and_each_without_the_other() -> None:
    for one, other in combinations(PARTS, 2):
        found = {(one in row, other in row) for row in ROWS}
        missing = set(product((True, False), repeat=2)) - found - IMPOSSIBLE.get((one, other), set())
        assert not missing, (one, other, missing)


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_every_row_renders_to_modules_that_parse(row: frozenset[str]) -> None:
    design = design_of(row)
    files = render_backend(design)
    for path, text in files.items():
        if path.suffix == ".py":
            ast.parse(text, str(path))
    assert (PurePosixPath("app/http_client.py") in files) == ("http-client" in row)
    assert (PurePosixPath("app/oidc/router.py") in files) == ("oidc" in row)
    assert (PurePosixPath("app/admin.py") in files) == ("admin" in row)
    assert read_record(Record(design, files).text()).design == design


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_every_row_is_proven(row: frozenset[str], tmp_path: Path) -> None:
    """Style, types, migrations, tests with their coverage, boot and contract."""
    file = tmp_path / "design.yaml"
    file.write_text(write_yaml(design_of(row)), encoding="utf-8")

    result = new(NewRequest(name="pairs", design=file, directory=tmp_path, dry_run=True))

    assert result.proof.proven, result.proof.model_dump_json(indent=2)
