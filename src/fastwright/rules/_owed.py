"""What the tables say about who may call an endpoint: rows of people, and what everybody is shown."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from fastwright.rules import _touched
from fastwright.rules._accounts import foreign_key, owner_columns
from fastwright.rules._belonging import parents
from fastwright.rules._chosen import accounts
from fastwright.rules._held_against import is_private, lists_all
from fastwright.rules._persons import PEOPLE
from fastwright.rules._routes import CHANGES, WRITES
from fastwright.rules._rule import Class, Route, View
from fastwright.rules._words import words

# What is about one person or one customer, so that nobody else is to read it.
PERSONAL = frozenset(
    {"payment", "payments", "invoice", "invoices", "order", "orders", "appointment", "appointments", "booking"}
    | {"bookings", "reservation", "reservations", "patient", "patients", "customer", "customers", "transaction"}
    | {"transactions", "prescription", "prescriptions", "payroll", "salary", "salaries", "cart", "carts"}
    | {"message", "messages", "conversation", "conversations", "revenue"}
)
# What is written of those who come by, known or not.
_TRAILS = frozenset(
    {"log", "logs", "audit", "token", "tokens", "session", "sessions", "otp", "view", "views", "visit", "visits"}
    | {"click", "clicks", "hit", "hits", "event", "events", "code", "codes", "verification", "notification"}
)
# What people write in order that it is read.
PUBLISHED = frozenset(
    {"post", "posts", "article", "articles", "comment", "comments", "review", "reviews", "reply", "replies", "blog"}
    | {"story", "stories", "question", "answer", "rating", "ratings", "like", "likes", "vote", "votes", "recipe"}
    | {"tweet", "topic", "thread", "follow", "follows", "tag", "tags", "score", "scores", "listing", "feed"}
)
# People by name, of whom a number or an address is kept, whether they sign in or not.
_PEOPLE = PEOPLE | frozenset(
    {"guest", "patient", "client", "supplier", "vendor", "contact", "lead", "driver", "tenant", "teacher", "candidate"}
    | {"applicant", "visitor", "passenger", "subscriber", "buyer", "resident", "participant", "attendee"}
)
# Whose addresses are for everybody.
_ESTABLISHMENTS = frozenset(
    {"company", "hotel", "restaurant", "shop", "store", "school", "clinic", "hospital", "venue", "club", "business"}
    | {"branch", "office", "salon", "cinema", "theater", "theatre", "library", "university", "organization", "doctor"}
    | {"site", "settings", "brand", "publisher", "bank", "agency", "location", "place"}
)
# What keeps a file, and what says that it is needed for a moment.
_KEEPING = frozenset({"copyfileobj", "upload", "upload_file", "upload_fileobj", "put_object", "write_bytes", "write"})
_PASSING = frozenset({"NamedTemporaryFile", "TemporaryDirectory", "SpooledTemporaryFile", "mkstemp", "mkdtemp"})
# What is sent to people, and what sends it.
_MAIL = frozenset({"mail", "email", "emails", "mails", "sms", "message", "notification", "push", "newsletter"})
_SENDING = frozenset({"send", "deliver", "dispatch"})
_NULLABLE = re.compile(r"\bNone\b|Optional\[")
_PERSONS: WeakKeyDictionary[View, frozenset[Class]] = WeakKeyDictionary()


def persons(view: View) -> frozenset[Class]:
    """Return the models of people: those who sign in, and others of whom an address is kept."""
    known = _PERSONS.get(view)
    if known is None:
        models = (one for module in view.modules for one in module.classes if view.fields.is_model(one))
        known = _PERSONS[view] = frozenset({*accounts(view), *(one for one in models if _is_person(view, one))})
    return known


def _is_person(view: View, model: Class) -> bool:
    named = set(words(model.name))
    if named & (_ESTABLISHMENTS | _TRAILS):
        return False
    columns = {word for name in view.fields.columns(model) for word in words(name)}
    return bool({"email", "mail"} & columns) or (bool(named & _PEOPLE) and bool({"phone", "mobile"} & columns))


def is_of_people(view: View, model: Class) -> bool:
    """Tell rows that refer to a person, and are not there to be read by all."""
    if model in persons(view) or set(words(model.name)) & (PUBLISHED | _TRAILS):
        return False
    return any(parent in persons(view) for _name, parent in parents(view, model))


def is_about_people(view: View, model: Class | None) -> bool:
    """Tell people, what refers to them, and what is about one customer by its name, such as orders."""
    if model is None:
        return False
    return model in persons(view) or is_of_people(view, model) or bool(PERSONAL & set(words(model.name)))


@dataclass(frozen=True)
class Tables:
    """Tables to whose changes somebody has given a guard, and those that everybody is shown."""

    guarded: frozenset[Class]
    shown: frozenset[Class]


def tables(view: View, closed: list[Route], others: list[Route]) -> Tables:
    """Return what closed endpoints change, and what open ones list."""
    written = [_touched.made(view, one) for one in closed if one.method in WRITES]
    written += [_touched.read(view, one) for one in closed if one.method in CHANGES]
    listed = [_touched.read(view, one) for one in others if one.method == "GET" and "{" not in one.path]
    none = frozenset[Class]()
    return Tables(none.union(*written), none.union(*listed))


def left_open(view: View, route: Route, known: Tables) -> bool:
    """Tell an open endpoint of an app with guards for which its tables want one."""
    if _writes_to_all(view, route):
        return True
    if route.method == "POST":
        new = [one for one in _touched.made(view, route) if one not in accounts(view)]
        if _keeps_file(view, route):
            return True
        return any(_belongs_to_account(view, one) or (one in known.shown and _is_catalogue(view, one)) for one in new)
    told = (_touched.read(view, route) - set(accounts(view))) if route.method == "GET" else frozenset[Class]()
    private = [one for one in told if is_about_people(view, one)]
    # Where its changes are guarded, a table is open to readers on purpose; not if others see no more than their own.
    return bool(private) and (known.guarded.isdisjoint(private) or any(_is_kept(view, route, one) for one in private))


def _is_kept(view: View, route: Route, model: Class) -> bool:
    """Tell a list of all rows of which whoever signs in is shown those that are theirs; goods are for everybody."""
    is_theirs = bool(PERSONAL & set(words(model.name))) and is_private(
        view, model, owner_columns(view, model, accounts(view))
    )
    return is_theirs and model in lists_all(view, route)


def _writes_to_all(view: View, route: Route) -> bool:
    """Tell where a mail or message is sent to everybody who has an account."""
    sent = any(
        call.looped and _SENDING.issuperset(words(call.name)[:1]) and _MAIL & set(words(call.name))
        for call in view.calls(route, "endpoint")
    )
    return sent and any(one in accounts(view) for one in lists_all(view, route))


def _keeps_file(view: View, route: Route) -> bool:
    """Tell where a file that was sent is kept, and not only looked at."""
    if route.function is None or "UploadFile" not in ast.unparse(route.function.node.args):
        return False
    called = {call.name for call in view.calls(route, "endpoint")}
    return bool(called & _KEEPING) and not called & _PASSING


def _belongs_to_account(view: View, model: Class) -> bool:
    """Tell rows that have to have an account that they belong to; what is written of visitors is left out."""
    columns = view.fields.columns(model)
    for name in owner_columns(view, model, accounts(view)) if not _TRAILS & set(words(model.name)) else ():
        field = columns[name]
        is_optional = _NULLABLE.search(field.written_type) or getattr(field.option("nullable"), "value", None) is True
        if not is_optional and (foreign_key(field.value) or foreign_key(field.annotation)):
            return True
    return False


def _is_catalogue(view: View, model: Class) -> bool:
    """Tell rows of the app's own, and not what its visitors write."""
    return model not in persons(view) and not set(words(model.name)) & (PUBLISHED | _TRAILS)
