"""The JSON Schema of the YAML form, for editors: it completes keys and marks obvious faults while typing.

It says what can be said about one value at a time; what depends on other parts (targets, cycles, clashes) the reader
alone can say.
"""

from __future__ import annotations

from fastwright.design.access import READS
from fastwright.design.bounds import MAX_PRECISION, MAX_TEXT
from fastwright.design.checks.names import MAX_RESOURCES, MEMBER_NAME, PROJECT_NAME, RESOURCE_NAME
from fastwright.design.draft import ACTIONS
from fastwright.design.enums import ENUM_VALUE, MAX_VALUE_LENGTH, MAX_VALUES
from fastwright.design.files import CONTENT_TYPES
from fastwright.design.kept import kept_schema
from fastwright.design.listing import MAX_PAGE_SIZE
from fastwright.design.model import FieldType, Option
from fastwright.design.naming import NAME_LIMIT
from fastwright.design.nodes import MAX_DESCRIPTION
from fastwright.design.versions import LATEST, SINCE, UNTIL

Schema = dict[str, object]

_BOUNDS = r"-?[0-9.]*\s*\.\.\s*-?[0-9.]*"
_KIND = r"[a-z]+/[a-z0-9.+-]+"
_FIELD_SPEC = (
    rf"^((str|text|int)(\(\s*{_BOUNDS}\s*\))?"
    rf"|decimal\(\s*\d+\s*,\s*\d+\s*(,\s*{_BOUNDS}\s*)?\)"
    r"|enum\([A-Za-z0-9_| -]+\)"
    rf"|file\(\s*{_KIND}(\s*\|\s*{_KIND})*\s*(,\s*\.\.\s*\d+\s*[KM]B\s*)?\)"
    r"|bool|date|datetime|uuid|json|email|url)(!\??|\?!?)?(@(2\.\.|\.\.1))?(=.*)?$"
)
_TYPE_SPEC = _FIELD_SPEC.replace("|bool|", "|decimal|enum|file|bool|", 1)
_RELATION_SPEC = r"^(->\s*[A-Z][A-Za-z0-9]*(!\??|\?!?)?|<->\s*[A-Z][A-Za-z0-9]*|<-\s*[A-Z][A-Za-z0-9]*)$"


def json_schema() -> dict[str, object]:
    """Return the schema (draft 2020-12) of a design in YAML."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Fastwright design",
        "description": "What a backend is: resources, fields, relations, and who may do what.",
        **_object(
            {
                "name": _pattern(PROJECT_NAME, "The backend's name.", NAME_LIMIT),
                "description": {"$ref": "#/$defs/description"},
                "roles": _words(MEMBER_NAME, "Roles besides `admin`, which is always there."),
                "options": _options(),
                "accounts": _pattern(MEMBER_NAME, "The table of the users, if there is a table `users` already.", 40),
                "versions": _versions(),
                "resources": _mapping(RESOURCE_NAME, "resource", MAX_RESOURCES),
            },
            required=["name"],
        ),
        "$defs": {
            "description": {"type": ["string", "null"], "maxLength": MAX_DESCRIPTION},
            "resource": _resource(),
            "member": {
                "anyOf": [{"$ref": "#/$defs/shorthand"}, {"$ref": "#/$defs/field"}, {"$ref": "#/$defs/relation"}]
            },
            "shorthand": _shorthand(),
            "field": _field(),
            "relation": _relation(),
            "readers": _access(["public", "authenticated", "owner"]),
            "writers": _access(["authenticated", "owner"]),
            "access": _access_rules(),
            "list": _list(),
        },
    }


def _object(properties: Schema, required: list[str] | None = None, description: str = "") -> Schema:
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["required"] = required
    return schema | ({"description": description} if description else {})


def _pattern(pattern: str, description: str, limit: int) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$", "maxLength": limit, "description": description}


def _words(pattern: str, description: str) -> Schema:
    words = {"type": "string", "pattern": f"^{pattern}$"}
    return {"type": "array", "items": words, "uniqueItems": True, "description": description}


def _options() -> Schema:
    known = {"enum": [option.value for option in Option]}
    return {"type": "array", "items": known, "uniqueItems": True, "description": "What is there only if asked for."}


def _versions() -> Schema:
    date = {"type": "string", "format": "date"}
    dated = _object({"count": {"enum": [1, LATEST]}, "deprecated": date, "sunset": date})
    return {"anyOf": [{"enum": [1, LATEST]}, dated], "description": "How many versions the API has, side by side."}


def _mapping(pattern: str, definition: str, limit: int | None = None) -> Schema:
    schema: Schema = {
        "type": ["object", "null"],
        "propertyNames": {"pattern": f"^{pattern}$", "maxLength": NAME_LIMIT},
        "additionalProperties": {"$ref": f"#/$defs/{definition}"},
    }
    return schema | ({"maxProperties": limit} if limit else {})


def _resource() -> Schema:
    properties: Schema = {
        "description": {"$ref": "#/$defs/description"},
        "plural": _pattern(MEMBER_NAME, "The plural in snake case, where the usual one is wrong.", NAME_LIMIT + 2),
        "fields": _mapping(MEMBER_NAME, "member"),
        "owner": _pattern(MEMBER_NAME, "The relation to User that says whose row it is.", NAME_LIMIT),
        "access": {"$ref": "#/$defs/access"},
        "list": {"$ref": "#/$defs/list"},
        "soft_delete": {"type": "boolean", "description": "Mark rows as deleted instead of deleting them."},
        "kept": kept_schema(),
    }
    return _object(properties) | {"type": ["object", "null"]}


def _shorthand() -> Schema:
    return {
        "description": "`type(arguments)`, then `!` unique, `?` optional, `=default`; or a relation such as `->User?`.",
        "type": "string",
        "anyOf": [{"pattern": _FIELD_SPEC}, {"pattern": _RELATION_SPEC}],
        "examples": ["str(1..200)", "text?", "decimal(10,2,0..)", "enum(draft|live)=draft", "->User", "<->Tag"],
    }


def _field() -> Schema:
    length: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_TEXT}
    value = {"type": "string", "pattern": f"^{ENUM_VALUE}$", "maxLength": MAX_VALUE_LENGTH}
    kinds: Schema = {"type": "array", "items": {"enum": list(CONTENT_TYPES)}}
    return _object(
        {
            "type": {
                "anyOf": [{"enum": [kind.value for kind in FieldType]}, {"type": "string", "pattern": _TYPE_SPEC}]
            },
            "required": {"type": "boolean"},
            "unique": {"type": "boolean"},
            "default": {"type": ["string", "number", "boolean"]},
            "min_length": length,
            "max_length": length,
            "minimum": {"type": "number"},
            "maximum": {"type": "number"},
            "precision": {"type": "integer", "minimum": 1, "maximum": MAX_PRECISION},
            "scale": {"type": "integer", "minimum": 0, "maximum": MAX_PRECISION},
            "content_types": kinds | {"minItems": 1, "uniqueItems": True},
            "versions": {"enum": [SINCE, UNTIL]},
            "max_size": {"type": "string", "pattern": r"^(\.\.)?\s*[1-9]\d*\s*[KM]B$"},
            "values": {"type": "array", "items": value, "minItems": 1, "maxItems": MAX_VALUES, "uniqueItems": True},
            "description": {"$ref": "#/$defs/description"},
        },
        required=["type"],
    )


def _relation() -> Schema:
    return _object(
        {
            "to": _pattern(RESOURCE_NAME, "The resource it points at, or User.", NAME_LIMIT),
            "required": {"type": "boolean"},
            "unique": {"type": "boolean"},
            "many": {"type": "boolean", "description": "Many to many."},
            "description": {"$ref": "#/$defs/description"},
        },
        required=["to"],
    )


def _access(levels: list[str]) -> Schema:
    word: Schema = {"anyOf": [{"enum": levels}, {"type": "string", "pattern": f"^role:{MEMBER_NAME}$"}]}
    several = {"type": "array", "items": word, "minItems": 1, "uniqueItems": True}
    return {"anyOf": [word, several]}


def _access_rules() -> Schema:
    readers, writers = {"$ref": "#/$defs/readers"}, {"$ref": "#/$defs/writers"}
    rules: Schema = {action: readers if action in READS else writers for action in ACTIONS}
    return _object(rules, description="Who may do what; what is left out takes the defaults.") | {
        "type": ["object", "null"]
    }


def _list() -> Schema:
    size: Schema = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE}
    options: Schema = {
        "filter": _words(MEMBER_NAME, "The fields and to-one relations that a client may filter by."),
        "sort": _words(MEMBER_NAME, "The fields that a client may sort by.") | {"minItems": 1},
        "search": _words(MEMBER_NAME, "The texts that `q` searches."),
        "default_sort": _pattern(f"-?{MEMBER_NAME}", "The order where none is asked for; `-` is descending.", 41),
        "page_size": size,
        "max_page_size": size,
    }
    return _object(options) | {"type": ["object", "null"]}
