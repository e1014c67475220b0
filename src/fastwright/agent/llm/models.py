"""Which model is asked: the one that the environment names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from fastwright.errors import InputError

if TYPE_CHECKING:
    from pydantic_ai.models import Model

    from fastwright.agent.plan import Planner

_ANTHROPIC = "claude-sonnet-5-5"
_HINT = (
    "set ANTHROPIC_API_KEY, or FASTWRIGHT_MODEL=ollama:NAME, or FASTWRIGHT_MODEL=openai:NAME with OPENAI_API_KEY "
    "(FASTWRIGHT_MODEL_URL for any server that speaks its protocol)"
)


def is_configured(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether the person has chosen a model; without one nothing is ever sent anywhere."""
    return bool(environment.get("FASTWRIGHT_MODEL") or environment.get("ANTHROPIC_API_KEY"))


def model_planner(fallback: Planner, project: Path, env_file: Path | None = None) -> Planner:
    """Return the planner that asks the chosen model about a project, and `fallback` where that comes to nothing.

    Raises `InputError` if there is no model, or what it takes is not installed.
    """
    model = chosen_model()
    from fastwright.agent.llm.planner import ModelPlanner  # noqa: PLC0415 - after it is known to be installed
    from fastwright.agent.llm.reading import mask_of  # noqa: PLC0415

    return ModelPlanner(model, fallback, mask_of(project.resolve(), [env_file] if env_file else ()))


def chosen_model(environment: Mapping[str, str] = os.environ) -> Model:
    """Return the model. Raises `InputError` if there is none, or what it takes is not installed."""
    if find_spec("pydantic_ai") is None:
        raise InputError("this needs a client for models, which is not installed", hint="pip install 'fastwright[llm]'")
    named = environment.get("FASTWRIGHT_MODEL", "")
    if not named and not environment.get("ANTHROPIC_API_KEY"):
        raise InputError("no model is chosen", hint=_HINT)
    kind, separator, name = (named or f"anthropic:{_ANTHROPIC}").partition(":")
    if not separator or not name or kind not in {"anthropic", "openai", "ollama"}:
        raise InputError(f"FASTWRIGHT_MODEL={named} names no model", hint=_HINT)
    if kind == "anthropic":
        return _anthropic(name, environment)
    return _openai(kind, name, environment)


def _anthropic(name: str, environment: Mapping[str, str]) -> Model:
    from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415 - slow to import, and only for this
    from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415

    key = environment.get("ANTHROPIC_API_KEY")
    if not key:
        raise InputError("ANTHROPIC_API_KEY is not set", hint=_HINT)
    return AnthropicModel(name, provider=AnthropicProvider(api_key=key))


def _openai(kind: str, name: str, environment: Mapping[str, str]) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415

    local = "http://127.0.0.1:11434/v1" if kind == "ollama" else None
    address = environment.get("FASTWRIGHT_MODEL_URL") or local
    key = environment.get("OPENAI_API_KEY") or ("none" if address else None)  # a server of one's own may want no key
    if key is None:
        raise InputError("OPENAI_API_KEY is not set", hint=_HINT)
    return OpenAIChatModel(name, provider=OpenAIProvider(base_url=address, api_key=key))
