"""Access tokens (signed, short-lived) and opaque tokens (random, stored as hashes)."""

import hashlib
import hmac
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache
from typing import Final
from uuid import UUID, uuid4

import jwt

from app.database import utc_now
from app.settings import Settings

ALGORITHM: Final = "HS256"
# How far the clocks of machines that issue and check tokens may be apart (RFC 7519 4.1.4).
CLOCK_SKEW_SECONDS: Final = 30
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - the type of a token, not a token
# More refreshes of one login than this do not happen within one grace period.
MAX_CHAIN_STEPS: Final = 100
REQUIRED_CLAIMS: Final = ["aud", "exp", "iat", "iss", "jti", "sid", "sub"]


class InvalidTokenError(Exception):
    """An access token that this backend did not issue, or that has expired."""


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """Whom an access token names: the user (`sub`) and the login that it belongs to (`sid`)."""

    user_id: UUID
    login_id: UUID


def encode_access_token(settings: Settings, *, user_id: UUID, login_id: UUID) -> str:
    """Sign a token after RFC 9068; `client_id` is left out, because there are no registered clients to tell apart.

    It carries no role: permissions are read with the login, so a change of role does not wait for tokens to expire.
    """
    now = utc_now()
    claims = {
        "iss": settings.public_url,
        "aud": _audience(settings),
        "sub": str(user_id),
        "sid": str(login_id),
        "jti": uuid4().hex,
        "iat": now,
        "exp": now + timedelta(seconds=settings.access_token_seconds),
    }
    return jwt.encode(claims, derive_key(settings, "access-token"), ALGORITHM, headers={"typ": TOKEN_TYPE})


def decode_access_token(settings: Settings, token: str) -> AccessClaims:
    """Check everything that a token claims (RFC 8725 3.1, 3.8, 3.9, 3.11; RFC 7519 7.2; ASVS 9.1.1, 9.2.1 - 9.2.3).

    The algorithm is ours and never the header's, and `typ` keeps other kinds of tokens out (RFC 9068 4).
    """
    claims, expires = _verified(token, derive_key(settings, "access-token"), settings.public_url, _audience(settings))
    if expires <= time.time():
        raise InvalidTokenError
    return claims


@lru_cache(maxsize=10_000)
def _verified(token: str, key: bytes, issuer: str, audience: str) -> tuple[AccessClaims, int]:
    """Return what a token claims, and when it expires. A signature that was right once stays right, so it is kept."""
    try:
        decoded = jwt.decode_complete(
            token,
            key,
            algorithms=[ALGORITHM],
            issuer=issuer,
            audience=audience,
            leeway=CLOCK_SKEW_SECONDS,  # for `iat`; what has expired is not accepted any longer for that
            options={"require": REQUIRED_CLAIMS, "strict_aud": True},
        )
        if decoded["header"].get("typ") != TOKEN_TYPE:
            raise InvalidTokenError
        payload = decoded["payload"]
        return AccessClaims(user_id=UUID(payload["sub"]), login_id=UUID(payload["sid"])), int(payload["exp"])
    except (jwt.InvalidTokenError, ValueError, AttributeError) as error:
        raise InvalidTokenError from error


def new_opaque_token() -> str:
    """Return 256 random bits as text (RFC 6749 10.10 asks for 160 at least; ASVS 7.2.3)."""
    return secrets.token_urlsafe(32)


def successor_of(settings: Settings, refresh_token: str) -> str:
    """Derive the one token that follows `refresh_token`.

    Because it can be worked out again, a client that repeats a refresh within the grace period is handed the same
    chain's end, and no second branch exists in which a stolen token could live on unnoticed (RFC 9700 4.14.2).
    """
    digest = hmac.digest(derive_key(settings, "refresh-successor"), refresh_token.encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def end_of_chain(settings: Settings, refresh_token: str, last_hash: str | None) -> str | None:
    """Follow the successors of `refresh_token` to the one whose hash is `last_hash`.

    None if it is not among them, which happens when the secret key was changed in between.
    """
    for _ in range(MAX_CHAIN_STEPS):
        refresh_token = successor_of(settings, refresh_token)
        if hash_token(refresh_token) == last_hash:
            return refresh_token
    return None


def hash_token(token: str) -> str:
    """Return what is stored of a token; the lookup by hash also leaves no timing to measure (CWE-208)."""
    return hashlib.sha256(token.encode()).hexdigest()


def _audience(settings: Settings) -> str:
    return f"{settings.public_url}/api/v1"


def derive_key(settings: Settings, purpose: str) -> bytes:
    """One secret, one key for each purpose: a value made for one is never valid for another (NIST SP 800-108)."""
    return _derived(settings.secret_key.get_secret_value(), purpose)


@cache  # every request needs one
def _derived(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")
