"""What Schemathesis cannot read off the OpenAPI document: rules that JSON Schema has no words for."""

import string
from typing import Any

import schemathesis
from hypothesis import strategies
from schemathesis import Case, GenerationMode, HookContext

NAMES = strategies.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20)
# Domains that are reserved, or have no dot, are refused, since no mail could ever reach them.
DOMAINS = strategies.sampled_from(["mail.net", "post.org", "contract-run.dev"])
# Common passwords are refused, and so are those that are little more than the user's own name.
PASSWORDS = strategies.text(string.ascii_letters + string.digits + " !?äß漢", min_size=20, max_size=40)

schemathesis.openapi.format("email", strategies.builds("{}@{}".format, NAMES, DOMAINS))
schemathesis.openapi.format("uri", strategies.builds("https://{}/{}".format, DOMAINS, NAMES))
schemathesis.openapi.format("password", PASSWORDS)


@schemathesis.hook
def before_call(_context: HookContext, case: Case, _kwargs: dict[str, Any]) -> None:
    """Take made-up cursors out of requests that have to be accepted: a cursor is valid only if a list handed it out."""
    if case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE:
        case.query.pop("cursor", None)
