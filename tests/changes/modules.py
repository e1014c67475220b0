"""Random modules of FastAPI apps, written in many ways, and random operations on them."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

FILE = "app/routes.py"
_IMPORTS = (
    "from fastapi import APIRouter, FastAPI",
    "from fastapi import (\n    APIRouter,\n    FastAPI,  # the app\n)",
    "from fastapi import FastAPI, APIRouter, Depends",
    "from fastapi import APIRouter, \\\n    FastAPI",
    "import fastapi\nfrom fastapi import *",
)
_MORE = (
    "import os, sys",
    "import json",
    "from .models import Item",
    "from app.auth import (RoleChecker)",
    "import app.auth",
)
_ROUTERS = (
    "router = APIRouter()",
    "router: APIRouter = APIRouter(\n    prefix='/x',  # where\n    tags=['x']\n    # no more\n)",
    "router = APIRouter( prefix = '/é' , )",
    "router = APIRouter(dependencies=[])",
)
_APPS = (
    "app = FastAPI()",
    "app = FastAPI(title='日本',\n              docs_url=None)",
    "app = FastAPI(\n    debug=False,\n)",
)
_DECORATORS = (
    "@{on}.get('/{n}')",
    "@{on}.post(\n    '/{n}',\n    status_code=201,\n)",
    "@{on}.get( '/{n}', tags = ['é'] )  # why",
    "@{on}.put('/{n}', dependencies=[\n    *COMMON,  # all\n])",
    "@{on}.delete('/{n}', response_model=None,\n            deprecated=True)\n@{on}.patch('/{n}')",
)
_SIGNATURES = (
    "def f{n}():",
    "async def f{n}(a: int, b: str = 'é') -> None:",
    "def f{n}(\n    a,  # one\n    *,\n    b=1  # two\n):",
    "def f{n}( a , /, b = 1 , **c ) :",
    "async def f{n}(\n    a: int = 1,\n    *args: int,\n):",
)
_BODIES = (
    "\n    return {{}}",
    " ...",
    "\n    # nothing\n    pass  # yet\n",
    "\n    if True:\n        return '\\n'\n    return 1",
)
_BETWEEN = ("\n", "\n\n\n", "\n# a comment, with é\n\n", "\nx_{n} = {{ 'a':1 }}\n\n", "\nclass C{n}: pass\n")
_HEADS = (
    "",
    '"""Doc é."""\n',
    "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\n",
    '"""Doc."""\n\nfrom __future__ import annotations\n\n',
)

_USER = {"module": "app.auth", "name": "get_user"}
_DEPENDENCY = {"file": FILE, "dependency": "get_user", "imports": [_USER]}


@dataclass(frozen=True)
class Drawn:
    """A module as bytes, an operation as data, and which statement of the module it may touch, by its name."""

    source: bytes
    operation: dict[str, object]
    touched: str


@st.composite
def modules(draw: st.DrawFn) -> Drawn:
    count = draw(st.integers(1, 4))
    parts = [draw(st.sampled_from(_HEADS)), draw(st.sampled_from(_IMPORTS)), "\n"]
    parts += [f"{line}\n" for line in draw(st.lists(st.sampled_from(_MORE), unique=True, max_size=3))]
    parts += [draw(st.sampled_from(("", "\n"))), "COMMON = []\n", draw(st.sampled_from(_APPS)), "\n"]
    parts += [draw(st.sampled_from(_ROUTERS)), "\n"]
    for number in range(count):
        pieces = [draw(st.sampled_from(choice)) for choice in (_BETWEEN, _DECORATORS, _SIGNATURES, _BODIES)]
        between, decorator, signature, body = pieces
        on = draw(st.sampled_from(("app", "router")))
        parts.append(f"{between}{decorator}\n{signature}{body}\n".format(n=number, on=on))
    parts.append(draw(st.sampled_from(("", "\napp.include_router(router)\n", "\n# the end"))))
    text = draw(st.sampled_from((str, _with_tabs, _with_crlf)))("".join(parts))
    text = draw(st.sampled_from((str, str.rstrip)))(text)
    mark = draw(st.sampled_from((b"", b"\xef\xbb\xbf")))
    operation, touched = draw(_operations(count))
    return Drawn(mark + text.encode(), operation, touched)


@st.composite
def _operations(draw: st.DrawFn, count: int) -> tuple[dict[str, object], str]:
    name = f"f{draw(st.integers(0, count - 1))}"
    endpoint: dict[str, object] = {"kind": "add_endpoint_dependency", "function": name, **_DEPENDENCY}
    parameter: dict[str, object] = {**endpoint, "attach": "parameter", "parameter": "user", "type": "str"}
    plain: dict[str, object] = {"file": FILE}
    users: dict[str, object] = {"imports": [{"module": "app", "name": "users"}], "prefix": "/users"}
    timing: dict[str, object] = {"imports": [{"module": "app.timing", "name": "Timing"}]}
    choices: tuple[tuple[dict[str, object], str], ...] = (
        (endpoint, name),
        ({**parameter, "style": "default"}, name),
        ({**parameter, "style": "annotated"}, name),
        ({**plain, "kind": "add_parameter", "function": name, "parameter": "z: int"}, name),
        ({"kind": "add_router_dependency", **_DEPENDENCY, "name": "router"}, "router"),
        ({"kind": "add_app_dependency", **_DEPENDENCY}, "app"),
        ({**plain, "kind": "add_import", "module": "app.users", "name": "find"}, ""),
        ({**plain, "kind": "add_import", "module": "zoneinfo"}, ""),
        (
            {**plain, **users, "kind": "add_include_router", "target": "app", "router": "users.router"},
            "+app.include_router",
        ),
        ({**plain, **timing, "kind": "add_middleware", "target": "app", "middleware": "Timing"}, "+app.add_middleware"),
    )
    return draw(st.sampled_from(choices))


def _with_tabs(text: str) -> str:
    return text.replace("    ", "\t")


def _with_crlf(text: str) -> str:
    return text.replace("\n", "\r\n")
