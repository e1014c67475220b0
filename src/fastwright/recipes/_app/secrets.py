"""Where an app keeps a secret: in its settings, if it has a class for them, or in the environment."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from fastwright.project.names import Symbol
from fastwright.project.source import assigned, called
from fastwright.recipes._recipe import Known

_SECRET = re.compile(r"^(jwt_?)?secret(_?key)?$|^(jwt|auth|app|token)_secret(_key)?$", re.IGNORECASE)
_ENVIRONMENT = re.compile(r"^(app_)?env(ironment)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Secret:
    """`expression` reads the secret, `environment` the name of the environment that the app runs in.

    `variable` and `environment_variable` set them from outside. `missing` are settings that are not there: file, class,
    name, type and default.
    """

    kind: str
    variable: str
    environment_variable: str
    field: str = ""
    expression: str = ""
    environment: str = ""
    symbols: tuple[tuple[str, Symbol], ...] = ()
    missing: tuple[tuple[str, str, str, str, str], ...] = ()


def secret(known: Known) -> Secret:
    """Return where the key that signs tokens comes from."""
    for place in known.project.conventions.settings:
        definition = known.names.definition((place.file or "", place.name)) if place.file else None
        instance = _instance(known, place.name)
        if isinstance(definition, ast.ClassDef) and place.file and instance is not None:
            return _setting(definition, (place.file, place.name), instance)
    return Secret("environment", "SECRET_KEY", "ENVIRONMENT")


def _instance(known: Known, name: str) -> Symbol | None:
    """Return the variable of a module that holds the settings."""
    for file in known.source.own:
        for node in file.tree.body:
            value = getattr(node, "value", None)
            if isinstance(value, ast.Call) and called(value) == name:
                for target in assigned(node):
                    if isinstance(target, ast.Name):
                        return file.path, target.id
    return None


def _setting(definition: ast.ClassDef, owner: Symbol, instance: Symbol) -> Secret:
    fields = {
        node.target.id: ast.unparse(node.annotation)
        for node in definition.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    upper = sum(name.isupper() for name in fields) * 2 > len(fields)
    name = next((name for name in fields if _SECRET.match(name)), "")
    environment = next((name for name in fields if _ENVIRONMENT.match(name)), "")
    missing: list[tuple[str, str, str, str, str]] = []
    field = name or ("SECRET_KEY" if upper else "secret_key")
    if not name:
        missing.append((owner[0], owner[1], field, "SecretStr", 'SecretStr("")'))
        fields[field] = "SecretStr"
    if not environment:
        environment = "ENVIRONMENT" if upper else "environment"
        missing.append((owner[0], owner[1], environment, "str", '"development"'))
    value = f"{instance[1]}.{field}"
    expression = f"{value}.get_secret_value()" if "SecretStr" in fields[field] else value
    if "None" in fields[field]:
        expression = (
            f'({expression} or "")'
            if "SecretStr" not in fields[field]
            else f'({value}.get_secret_value() if {value} else "")'
        )
    return Secret(
        kind="settings",
        variable=f"{_env_prefix(definition)}{field}".upper(),
        environment_variable=f"{_env_prefix(definition)}{environment}".upper(),
        field=field,
        expression=_read(f"{instance[1]}.{field}", fields[field]),
        environment=f"{instance[1]}.{environment}",
        symbols=((instance[1], instance),),
        missing=tuple(missing),
    )


def _read(value: str, kind: str) -> str:
    """Return the expression that gives a setting as text."""
    is_secret, is_optional = "SecretStr" in kind, "None" in kind or "Optional" in kind
    text = f"{value}.get_secret_value()" if is_secret else value
    return f'({text} if {value} else "")' if is_optional else text


def _env_prefix(definition: ast.ClassDef) -> str:
    for node in ast.walk(definition):
        if isinstance(node, ast.keyword) and node.arg == "env_prefix" and isinstance(node.value, ast.Constant):
            return str(node.value.value)
    return ""
