"""A model as planner: the same plan as offline, and nothing that it makes up gets through."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic_ai import ModelMessage, ModelResponse, TextPart, ToolCallPart, models
from pydantic_ai.models.function import AgentInfo, FunctionModel

from fastwright.agent.llm.planner import ModelPlanner
from fastwright.agent.llm.reading import Mask
from fastwright.agent.plan import Planned
from fastwright.agent.project import ProjectView, view

models.ALLOW_MODEL_REQUESTS = False

BLOG = view(
    {
        "name": "blog",
        "conventions": {"prefix": "/api", "auth": "jwt", "roles": ["editor"]},
        "endpoints": [
            {"method": method, "path": path, "auth": {"required": False, "roles": []}}
            for method, path in (("GET", "/api/posts"), ("POST", "/api/posts"), ("DELETE", "/api/posts/{post_id}"))
        ],
        "models": [{"name": "Post", "columns": [{"name": "title", "type": "str"}]}],
    }
)
PROTECT = {"plan": [{"verb": "protect", "args": {"path": "/api/posts"}, "reason": "the posts"}]}
UNFIT: list[tuple[str, dict[str, Any], str]] = [
    ("protect", {"path": "/api/users"}, "no endpoint is at or below '/api/users'"),
    ("protect", {"path": "/api/po"}, "no endpoint is at or below '/api/po'"),
    ("protect", {}, "protect needs path"),
    ("protect", {"path": "/api/posts", "force": True}, "does not take force"),
    ("protect", {"path": "/api/posts", "role": "boss"}, "there is no role 'boss'"),
    ("protect", {"path": "/api/posts", "methods": ["DROP"]}, "'DROP' is no method"),
    ("protect", {"path": "/api/posts", "except": ["/x"]}, "at or below '/x'"),
    ("explain", {"endpoint": "POST /api/likes"}, "there is no endpoint 'POST /api/likes'"),
    ("shell", {"command": "rm -rf /"}, "Input should be 'map'"),
]
REFUSED = "this one is made without it"


class Offline:
    """Stands in for the planner that needs no model."""

    def plan(self, words: str, project: ProjectView) -> Planned:
        return Planned(explanation=f"{words!r} in {project.name}.")


def scripted(*answers: dict[str, Any]) -> tuple[FunctionModel, list[list[ModelMessage]]]:
    """Return a model that gives these answers in turn, the last one for ever, and what it was sent."""
    sent: list[list[ModelMessage]] = []

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        sent.append(messages)
        data = answers[min(len(sent), len(answers)) - 1]
        return ModelResponse(parts=[ToolCallPart(info.output_tools[0].name, data)])

    return FunctionModel(answer), sent


def plan(*answers: dict[str, Any], words: str = "protect the posts", project: ProjectView = BLOG) -> Planned:
    return ModelPlanner(scripted(*answers)[0], Offline()).plan(words, project)


def test_a_plan_that_fits_the_project_is_the_plan() -> None:
    planned = plan(PROTECT)
    assert [(step.verb, step.args) for step in planned.plan] == [("protect", {"path": "/api/posts"})]
    assert not planned.explanation


@pytest.mark.parametrize(("verb", "args", "told"), UNFIT)
def test_a_step_that_does_not_fit_is_sent_back_with_the_reason(verb: str, args: dict[str, Any], told: str) -> None:
    model, sent = scripted({"plan": [{"verb": verb, "args": args}]}, PROTECT)
    planned = ModelPlanner(model, Offline()).plan("protect the posts", BLOG)
    assert planned.plan[0].args == {"path": "/api/posts"}
    assert told in str(sent[1][-1])


def test_a_model_that_does_not_come_to_its_senses_is_left_aside() -> None:
    planned = plan({"plan": [{"verb": "protect", "args": {"path": "/api/users"}}]})
    assert not planned.plan
    assert planned.explanation.startswith("'protect the posts' in blog.")
    assert REFUSED in planned.explanation


def test_a_model_that_only_talks_is_left_aside() -> None:
    def talk(messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
        return ModelResponse(parts=[TextPart(f"I have done it all ({len(messages)}).")])

    assert REFUSED in ModelPlanner(FunctionModel(talk), Offline()).plan("protect the posts", BLOG).explanation


def test_sign_in_and_roles_have_to_be_planned_first_where_they_are_missing() -> None:
    bare = view({"endpoints": [{"method": "GET", "path": "/api/posts"}]})
    first = {"verb": "add", "args": {"capability": "auth"}}
    assert REFUSED in plan(PROTECT, project=bare).explanation
    assert len(plan({"plan": [first, *PROTECT["plan"]]}, project=bare).plan) == 2


def test_no_secret_of_the_project_is_sent() -> None:
    model, sent = scripted(PROTECT)
    planner = ModelPlanner(model, Offline(), Mask(("hunter2-and-more",)))
    planner.plan("protect the posts, the password is hunter2-and-more", BLOG)
    assert "hunter2" not in str(sent)
    assert "/api/posts" in str(sent)
