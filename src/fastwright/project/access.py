"""Who may call an endpoint: what its dependencies claim, held against what a request without credentials got."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from fastwright.project.model import Auth, Guard
from fastwright.project.places import Places, Raw

RefusedBy = Literal["guard", "middleware", "endpoint"]
# The codes with which a WebSocket is closed because of who calls: policy violation, and those in use for 401 and 403.
_CLOSED = frozenset({1008, 3000, 3003, 4000, 4001, 4003, 4401, 4403, 401, 403})


@dataclass
class Claim:
    """What the code says of an endpoint."""

    guards: list[Guard] = field(default_factory=list[Guard])
    schemes: list[str] = field(default_factory=list[str])
    roles: list[str] = field(default_factory=list[str])
    refuses: bool = False
    certain: bool = False
    parameters: set[str] = field(default_factory=set[str])


def auth_of(raw: Raw, places: Places) -> tuple[Auth, str]:
    """Return who may call the endpoint, and what is not known about that, if anything."""
    claim = _claim(raw, places)
    answer: Raw | None = raw["answer"]
    required, proven, doubt = _verdict(raw, claim, answer)
    return (
        Auth(
            required=required,
            proven=proven,
            claimed=claim.refuses,
            status=answer["status"] if answer else None,
            refused_by=_refused_by(claim, answer) if required and proven else None,
            schemes=tuple(claim.schemes),
            roles=tuple(claim.roles) if required else (),
            guards=tuple(claim.guards),
        ),
        doubt,
    )


def _claim(raw: Raw, places: Places) -> Claim:
    claim = Claim()
    for attached in raw["dependencies"]:
        for chain in attached["chains"]:
            _add_chain(claim, chain, attached["level"], places)
        if attached["chains"]:
            _extend(claim.roles, attached["scopes"])
    return claim


def _add_chain(claim: Claim, chain: list[Raw], level: str, places: Places) -> None:
    names = [_link_name(link, places) for link in chain]
    for position, link in enumerate(chain):
        scheme: Raw | None = link["scheme"]
        if scheme:
            _extend(claim.schemes, [scheme["name"]])
            claim.refuses = claim.refuses or scheme["auto_error"]
            claim.certain = claim.certain or scheme["auto_error"]
            claim.parameters.add(str(scheme["parameter"]).lower())
            continue
        claim.refuses = claim.refuses or link["refuses"]
        claim.parameters.update(name.lower() for kind in link["params"].values() for name in kind)
        _extend(claim.roles, link["roles"])
        at = places.of(link["place"])
        name = str(link["place"]["qualname"] or at.name).removesuffix(".__call__").rpartition(".")[2]
        made = places.made(link["variables"])
        if at.file is None and made is not None:
            # A guard that a package makes is, for the project, the variable that holds it.
            at, name = made, made.name
        guard = Guard(
            name=name,
            file=at.file,
            line=at.line,
            shown=names[position],
            refuses=link["refuses"] or link["raises"],
            level=level,  # pyright: ignore[reportArgumentType] - checked by pydantic
            chain=tuple(names[: position + 1]),
            roles=tuple(link["roles"]),
        )
        if guard.shown not in [known.shown for known in claim.guards]:
            claim.guards.append(guard)


def _link_name(link: Raw, places: Places) -> str:
    """Return how a person would call it: `oauth2_scheme`, `get_current_user`, `RoleChecker('admin')`."""
    made = places.made(link["variables"])
    if made is not None:
        return made.name
    name = places.of(link["place"]).name
    if link["scheme"]:
        return str(link["scheme"]["type"])
    shown = ", ".join(repr(argument) for argument in link["arguments"])
    return f"{name}({shown})" if shown else name


def _extend(known: list[str], more: list[str]) -> None:
    known.extend(one for one in more if one not in known)


def _verdict(raw: Raw, claim: Claim, answer: Raw | None) -> tuple[bool, bool, str]:
    """Return whether credentials are required, whether that was seen, and what is doubtful about it."""
    if answer is None:
        return claim.refuses, False, "it was not asked"
    if answer["shadow"]:
        return claim.refuses, False, f"{answer['asked']} leads to {answer['shadow']}, which comes before it"
    if raw["kind"] == "websocket":
        return _websocket(claim, answer)
    if answer["status"] in (401, 403) or _to_login(answer) or _missing_credentials(claim, answer):
        known = claim.guards or claim.schemes or not answer["routed"]
        return True, True, "" if known else "its body refuses, not a dependency"
    return _not_refused(claim, answer)


def _not_refused(claim: Claim, answer: Raw) -> tuple[bool, bool, str]:
    """Judge an answer that is no refusal: the endpoint was reached, unless something broke before."""
    status: int | None = answer["status"]
    if status is None or status >= 500 or not answer["reached"]:
        return claim.refuses, False, _broken(answer)
    if claim.refuses and status in (400, 422):
        return True, False, f"{status} without credentials: it cannot be told whether they are missed"
    if claim.certain:
        return False, True, f"its guards should refuse, and a request without credentials got {status}"
    return False, True, ""


def _websocket(claim: Claim, answer: Raw) -> tuple[bool, bool, str]:
    if answer["status"] in _CLOSED:
        return True, True, ""
    if answer["accepted"]:
        return False, True, ""
    return claim.refuses, False, _broken(answer)


def _broken(answer: Raw) -> str:
    what = answer["error"] or (f"{answer['status']}" if answer["status"] else "no answer")
    return f"a request without credentials ended otherwise: {what}"


def _to_login(answer: Raw) -> bool:
    location = str(answer["location"]).lower()
    return answer["status"] in (302, 303, 307) and any(
        word in location for word in ("login", "signin", "sign-in", "auth")
    )


def _missing_credentials(claim: Claim, answer: Raw) -> bool:
    places: list[list[str]] = answer["missing"]
    return (
        answer["status"] == 422
        and claim.refuses
        and any(loc[0] in ("header", "cookie", "query") and loc[-1].lower() in claim.parameters for loc in places)
    )


def _refused_by(claim: Claim, answer: Raw | None) -> RefusedBy:
    if answer is not None and not answer["routed"]:
        return "middleware"
    return "guard" if claim.guards or claim.schemes else "endpoint"


def trees(raw: Raw) -> Iterator[Raw]:
    """Yield every dependency of an endpoint, those of dependencies too."""
    waiting: list[Raw] = [attached["tree"] for attached in raw["dependencies"]]
    while waiting:
        tree = waiting.pop()
        yield tree
        waiting.extend(tree["below"])
