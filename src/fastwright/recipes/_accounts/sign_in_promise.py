"""What has to be true of signing in, and was not before: asked with real tokens, and with false ones."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

from fastwright.proof.calls import Answer, Around, Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.recipes._conversing import Asked, check_absent

_LONGEST_SECONDS = 3600
_CLAIMS = ("exp", "iat", "jti", "sub")
_FAR = 4102444800


@dataclass(frozen=True)
class SignInPromise:
    """Accounts are made at `register` with `sample`, tokens are below `base`; `logins` is their table.

    `lifetime` is where the code says how long access tokens live (`module:name`), `secret` the variable of their key,
    and `environment` that which says `production`.
    """

    register: str
    sample: Mapping[str, object]
    credentials: Mapping[str, str]
    base: str
    logins: str
    lifetime: str
    secret: str
    environment: str
    adds: tuple[str, ...]

    @property
    def announced(self) -> Announced:
        return Announced(adds=self.adds)

    def hold(self, trial: Regression) -> str:
        """Return the evidence. Raises `StepFailed` where a token is good for more, or less, than was promised."""
        before = trial.converse("before", [self._login()]).answers[0]
        check_absent(f"{self.base}/token", before)
        asked = list(self._asked())
        talk = trial.converse("after", [call for call, _wanted, _why in asked], Around(rows=(self.logins,)))
        _check(asked, talk.answers)
        tokens = [body for answer in talk.answers if (body := _body(answer)).get("refresh_token")]
        self._check_tokens(tokens, talk.rows.get(self.logins, ()))
        with ThreadPoolExecutor(2) as pool:
            checks = [
                pool.submit(self._check_expiry, trial),
                pool.submit(self._check_secret, trial, {self.secret: "too-short"}),
                pool.submit(self._check_secret, trial, {self.secret: "", self.environment: "production"}),
            ]
        for check in checks:
            check.result()
        return (
            f"{before.status} before; now a login gives tokens, and 401 for a wrong password or an unknown address;"
            " a refresh token works once, and one that comes back ends the login; tokens that are tampered with,"
            " unsigned, signed by others, expired or logged out are refused; it does not start with a short secret"
        )

    def _asked(self) -> Iterator[Asked]:
        forged = {"sub": "1", "sid": "0" * 32, "jti": "0", "iat": 1, "exp": _FAR}
        yield Call(method="POST", path=self.register, json_body=dict(self.sample)), (200, 201), "an account"
        yield self._login({"password": "not-the-password"}), (401,), "a wrong password"
        yield self._login({"username": "nobody@example.com"}), (401,), "an address without an account"
        yield self._login({}, "first"), (200,), "the right password"
        yield Call(method="GET", path=f"{self.base}/me"), (401,), "no token"
        yield self._me("{{first}}"), (200,), "an access token"
        yield self._me("{{first}}x"), (401,), "a token with one more letter"
        yield self._me(_token({"alg": "none", "typ": "JWT"}, forged, b"")), (401,), "a token without a signature"
        yield self._me(_token({"alg": "HS256", "typ": "JWT"}, forged, b"x" * 32)), (401,), "a token of another key"
        yield self._me("{{first_refresh}}"), (401,), "a refresh token as an access token"
        yield self._refresh("{{first_refresh}}", "second"), (200,), "a refresh token"
        yield self._me("{{second}}"), (200,), "the refreshed access token"
        yield self._refresh("{{first_refresh}}"), (401,), "a refresh token that was used"
        yield self._refresh("{{second_refresh}}"), (401,), "the other tokens of that login"
        yield self._me("{{second}}"), (401,), "the access token of a login that has ended"
        yield self._login({}, "third"), (200,), "another login"
        yield self._login({}, "fourth"), (200,), "one more login"
        yield self._post("logout", "{{third_refresh}}"), (204,), "a logout"
        yield self._refresh("{{third_refresh}}"), (401,), "a refresh token after the logout"
        yield self._me("{{third}}"), (401,), "an access token after the logout"
        yield self._me("{{fourth}}"), (200,), "the access token of another login"

    def _login(self, changes: Mapping[str, str] | None = None, name: str = "") -> Call:
        form = {"grant_type": "password", **self.credentials, **(changes or {})}
        return Call(method="POST", path=f"{self.base}/token", form=form, keep=_kept(name))

    def _me(self, token: str) -> Call:
        return Call(method="GET", path=f"{self.base}/me", headers={"Authorization": f"Bearer {token}"})

    def _refresh(self, token: str, name: str = "") -> Call:
        return self._post("refresh", token, name)

    def _post(self, what: str, token: str, name: str = "") -> Call:
        body = {"refresh_token": token}
        return Call(method="POST", path=f"{self.base}/{what}", json_body=body, keep=_kept(name))

    def _check_tokens(self, pairs: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, str]]) -> None:
        for pair in pairs:
            claims = _claims(str(pair["access_token"]))
            missing = [name for name in _CLAIMS if name not in claims]
            if missing:
                raise StepFailed(f"access tokens are without {', '.join(missing)}")
            if not 0 < claims["exp"] - claims["iat"] <= _LONGEST_SECONDS:
                raise StepFailed(f"access tokens live {claims['exp'] - claims['iat']} seconds")
        stored = " ".join(value for row in rows for value in row.values())
        if not rows or any(str(pair["refresh_token"]) in stored for pair in pairs):
            raise StepFailed(f"{self.logins} holds refresh tokens as they are, or nothing at all")

    def _check_expiry(self, trial: Regression) -> None:
        account = Call(method="POST", path=self.register, json_body=dict(self.sample))
        calls = [account, self._login({}, "late"), self._me("{{late}}")]
        answers = trial.converse("after", calls, Around(patches={self.lifetime: -60})).answers
        if (answers[1].status, answers[2].status) != (200, 401):
            raise StepFailed(f"a token that has expired is answered with {answers[2].outcome}, not 401")

    def _check_secret(self, trial: Regression, variables: dict[str, str]) -> None:
        """See that the app does not start with a secret that is too short, or, in production, with none."""
        try:
            talk = trial.converse("after", [self._login()], Around(variables=variables))
        except StepFailed:
            return
        if not talk.startup:
            raise StepFailed(f"the app starts although {self.secret} is {variables[self.secret]!r}")


def _kept(name: str) -> dict[str, str]:
    return {name: "/access_token", f"{name}_refresh": "/refresh_token"} if name else {}


def _check(asked: Sequence[Asked], answers: Sequence[Answer]) -> None:
    for (call, wanted, what), answer in zip(asked, answers, strict=True):
        if answer.status not in wanted:
            status = answer.status if answer.status is not None else f"no answer ({answer.error})"
            promised = " or ".join(map(str, wanted))
            raise StepFailed(f"{what}: {call.shown} was answered with {status}, not {promised}\n{answer.told}")


def _body(answer: Answer) -> Mapping[str, Any]:
    body = answer.json_body
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def _token(header: Mapping[str, object], claims: Mapping[str, object], key: bytes) -> str:
    signed = f"{_segment(json.dumps(header).encode())}.{_segment(json.dumps(claims).encode())}"
    return f"{signed}.{_segment(hmac.digest(key, signed.encode(), 'sha256')) if key else ''}"


def _segment(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _claims(token: str) -> Mapping[str, Any]:
    payload = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        found = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}
