"""OpenAPI documents as designs: what can be expressed is there, and what cannot is told in a sentence."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from fastwright.design import read_yaml, read_yaml_text, write_yaml
from fastwright.design.model import Design, FieldType, Resource
from fastwright.design.openapi import read_openapi
from fastwright.design.sketch import Imported
from fastwright.errors import InputError
from fastwright.proof.environment import Environment
from fastwright.proof.guard import Guard
from fastwright.proof.sandbox import Sandbox

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LIBRARY = """
openapi: 3.1.0
info: {title: A library, version: "1"}
security: [{key: []}]
paths:
  /books:
    parameters: [{name: X-Tenant, in: header, schema: {type: string}}]
    get:
      security: []
      parameters:
        - {name: genre, in: query, schema: {type: string}}
        - {name: near, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        "200": {content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Book"}}}}}
    post:
      security: [{oauth: [books:write]}]
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/NewBook"}}}}
      responses: {"201": {content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}}
  /books/{book_id}:
    get:
      security: [{}]
      responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}}
    delete: {responses: {"204": {description: gone}}}
  /books/{book_id}/borrow:
    post: {responses: {"204": {description: lent}}}
  /shelves:
    get:
      responses:
        "200":
          content:
            application/json:
              schema:
                type: object
                properties:
                  data: {type: array, items: {$ref: "#/components/schemas/Shelf"}}
                  next: {type: [string, "null"]}
    post:
      security: []
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Shelf"}}}}
      responses: {"201": {description: made}}
  /login:
    post: {responses: {"200": {description: in}}}
components:
  schemas:
    NewBook:
      type: object
      required: [title, pages, shelf, class]
      properties:
        title: {type: string, minLength: 1, maxLength: 200, description: "On the  cover"}
        isbn: {type: string, pattern: "^[0-9]+$", maxLength: 13}
        pages: {type: integer, exclusiveMinimum: 0, maximum: 9000}
        price: {type: number, multipleOf: 0.01, minimum: 0, default: 9.5}
        genre: {enum: [novel, essay], default: novel}
        shelf: {$ref: "#/components/schemas/Shelf"}
        authors: {type: array, items: {$ref: "#/components/schemas/Author"}}
        owner: {oneOf: [{$ref: "#/components/schemas/User"}, {type: "null"}]}
        published: {type: [string, "null"], format: date}
        class: {type: string, enum: ["1st", "2nd"]}
        inStock: {type: boolean, default: true}
    Book:
      allOf:
        - {$ref: "#/components/schemas/NewBook"}
        - properties:
            id: {type: integer}
            createdAt: {type: string, format: date-time}
            loans: {type: integer, readOnly: true}
    Shelf:
      type: object
      required: [label]
      properties:
        id: {type: string, format: uuid}
        label: {type: string, maxLength: 5000}
        pin: {type: string, writeOnly: true}
    Author: {type: object, properties: {name: {type: string}}}
    User: {type: object, properties: {email: {type: string}}}
webhooks: {borrowed: {post: {}}}
"""
BOOKS = """
name: library
description: A library
resources:
  Book:
    fields:
      title: {type: str(1..200), description: On the cover}
      isbn: str(0..13)?
      pages: int(1..9000)
      price: decimal(18,2,0..)?=9.5
      genre: enum(novel|essay)?=novel
      authors: json?
      published: date?
      book_class: str(0..3)
      in_stock: bool?=true
      loans: int?
      shelf: ->Shelf
      owner: ->User?
    access:
      {list: public, read: public, create: "role:admin", update: "role:admin", delete: "role:admin"}
    list: {filter: [genre]}
  Shelf:
    plural: shelves
    fields: {label: text(0..5000)}
    access:
      {list: authenticated, read: authenticated, create: "role:admin", update: "role:admin", delete: "role:admin"}
"""
LEFT_OUT = {
    "POST /books/{book_id}/borrow: is not one of the five actions of a resource",
    "POST /login: accounts and logins are built in, at /api/v1/users and /api/v1/auth",
    "Book.isbn: `pattern` cannot be expressed",
    "Book.price: `multipleOf` cannot be expressed",
    "Book.authors: array is JSON here, without a schema",
    "Book.class is called book_class here: it is a word of Python's own",
    "Book.book_class: `1st` cannot be an enum value",
    "Book.id: the id is a UUID here",
    "Book.loans is set by the server there; here it is an optional field",
    "Book cannot be updated there; here administrators may",
    "POST /books asks for books:write (oauth); here any user may: narrow it with a role",
    "GET /books: the parameter near has no counterpart",
    "GET /books: the header or cookie X-Tenant has no counterpart",
    "POST /books: the header or cookie X-Tenant has no counterpart",
    "Shelf.pin is only sent, never read: it has no place here",
    "Shelf cannot be read there; here whoever may list it may",
    "Shelf cannot be updated or deleted there; here administrators may",
    "Book: nothing says whose row it is, so that only administrators may write it here",
    "Shelf: nothing says whose row it is, so that only administrators may write it here",
    "POST /shelves is open to everybody there; here it takes a login",
    "the webhook borrowed has no counterpart",
}


def read(tmp_path: Path, text: str, name: str = "api.yaml") -> Imported:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_openapi(tmp_path / name, "library")


def test_schemas_paths_and_security_become_resources_constraints_and_guards(tmp_path: Path):
    found = read(tmp_path, LIBRARY)

    assert found.design == read_yaml_text(BOOKS, "books")
    assert set(found.left_out) == LEFT_OUT


def test_who_owns_a_row_may_change_it_and_nobody_else(tmp_path: Path):
    either = 'owner: {oneOf: [{$ref: "#/components/schemas/User"}, {type: "null"}]}'
    owned = LIBRARY.replace(either, 'owner: {$ref: "#/components/schemas/User"}')
    owned = owned.replace("required: [title,", "required: [owner, title,")

    [book, _shelf] = read(tmp_path, owned).design.resources

    assert book.owner == "owner"
    assert (book.access.create.level, book.access.update.level, book.access.delete.level) == (
        "authenticated",
        "role",
        "owner",
    )


def test_json_says_the_same_as_yaml(tmp_path: Path):
    import yaml

    assert read(tmp_path, json.dumps(yaml.safe_load(LIBRARY)), "api.json") == read(tmp_path, LIBRARY)


def test_conduit_keeps_its_articles_and_tells_what_is_missing():
    found = read_openapi(EXAMPLES / "conduit" / "api" / "openapi.yml", "conduit")

    assert [one.name for one in found.design.resources] == ["Profile", "Article", "Comment"]
    assert {"GET /articles/feed", "POST /articles/{slug}/favorite", "GET /tags"} <= {
        sentence.partition(": ")[0] for sentence in found.left_out
    }
    assert read_yaml_text(write_yaml(found.design), "again") == found.design


def test_swagger_2_is_read_too(tmp_path: Path):
    document = {
        "swagger": "2.0",
        "paths": {
            "/pets": {
                "get": {"responses": {200: {"schema": {"type": "array", "items": {"$ref": "#/definitions/Pet"}}}}},
                "post": {
                    "parameters": [{"in": "body", "name": "pet", "schema": {"$ref": "#/definitions/Pet"}}],
                    "responses": {"201": {"schema": {"$ref": "#/definitions/Pet"}}},
                },
            }
        },
        "definitions": {
            "Pet": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "maxLength": 40}}}
        },
    }

    [pet] = read(tmp_path, json.dumps(document)).design.resources

    assert [(field.name, field.max_length, field.required) for field in pet.fields] == [("name", 40, True)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("openapi: 3.0.0\npaths: {}", "no resource comes of"),
        ("openapi: 3.0.0", "it has no `openapi` and `paths`"),
        ("[1, 2]", "it has no `openapi` and `paths`"),
        ("a: [", "neither JSON nor YAML"),
        ('{"openapi": ', "neither JSON nor YAML"),
        ("openapi: 3.0.0\npaths:\n  /ping:\n    get: {responses: {'200': {description: ok}}}", "GET /ping: is not one"),
    ],
)
def test_what_is_no_document_is_refused_with_the_reason(tmp_path: Path, text: str, words: str):
    with pytest.raises(InputError, match=words.replace("/", "\\/")) as refused:
        read(tmp_path, text)
    assert refused.value.hint


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/components/schemas/Pet"},
        {"allOf": [{"$ref": "#/components/schemas/Pet"}]},
        {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
        {"$ref": "#/components/schemas/Missing"},
        {"$ref": "https://example.com/pet.yaml"},
        {"type": "string", "maxLength": "long"},
        {"type": "integer", "minimum": 10, "maximum": 1},
        {"type": ["string", "integer"]},
        {"properties": None, "required": "name"},
        None,
        "string",
    ],
    ids=str,
)
def test_odd_schemas_end_in_a_design_or_a_sentence(tmp_path: Path, schema: Any):
    pet = {"type": "object", "properties": {"odd": schema, "name": {"type": "string"}}}
    response = {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}}
    paths = {"/pets/{id}": {"get": {"responses": response}}}

    found = read(tmp_path, json.dumps({"openapi": "3.0.0", "paths": paths, "components": {"schemas": {"Pet": pet}}}))

    assert read_yaml_text(write_yaml(found.design), "again") == found.design
    assert "name" in {field.name for field in found.design.resources[0].fields}


@pytest.mark.slow
def test_the_document_of_a_generated_backend_gives_back_its_design(tmp_path: Path):
    """What `new` writes says enough about itself: the fields and bounds of the shop are read from its own document."""
    shop = EXAMPLES / "shop"
    (tmp_path / "pyproject.toml").write_bytes((shop / "pyproject.toml").read_bytes())
    environment = Environment.of(tmp_path)
    with Guard() as guard:
        environment.prepare(Sandbox(tmp_path, tmp_path, time.monotonic() + 300, guard, threading.Event()))
    code = "import json; from app.main import create_app; print(json.dumps(create_app().openapi()))"
    variables = {"PYTHONPATH": str(shop), "PYTHONDONTWRITEBYTECODE": "1", "LOG_LEVEL": "ERROR"}
    printed = subprocess.run(
        [environment.python, "-c", code], cwd=tmp_path, env=variables, check=True, capture_output=True, text=True
    ).stdout
    design = read_yaml(EXAMPLES / "shop.yaml")

    found = read(tmp_path, printed, "shop.json").design

    assert {one.name for one in found.resources} == {one.name for one in design.resources}
    for one in design.resources:
        assert _fields(found, one.name) == _fields(design, one.name), one.name


# In a generated document these are texts with a pattern.
_WEB = {FieldType.URL, FieldType.EMAIL}


def _fields(design: Design, name: str) -> set[tuple[Any, ...]]:
    [resource] = [one for one in design.resources if one.name == name]
    return {_of(resource, field.name) for field in resource.fields}


def _of(resource: Resource, name: str) -> tuple[Any, ...]:
    [field] = [field for field in resource.fields if field.name == name]
    is_text = field.type in {FieldType.STR, FieldType.TEXT}
    kind = "text" if is_text or field.type in _WEB else field.type
    must_be_sent = field.required and field.default is None
    return name, kind, must_be_sent, field.values
