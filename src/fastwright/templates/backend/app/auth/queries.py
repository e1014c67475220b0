"""Statements about credentials, logins and tokens."""

from datetime import datetime, timedelta
from functools import cache
from typing import cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Select,
    Table,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate

from app.auth.models import AccountToken, Login, RefreshToken, TokenPurpose
from app.auth.roles import Role
from app.users.models import User

MAX_LISTED_LOGINS = 100


@cache
def credentials() -> Select[UUID, str, bool, datetime | None]:
    """Select what a login of the account `:email` is decided by."""
    shown = select(User.id, User.password_hash, User.is_active, User.email_verified_at)
    return shown.where(User.email == bindparam("email"))


@cache
def confirm_credentials() -> ReturningUpdate[UUID]:
    """Store the hash `:stored`, new or the same, provided that the user `:user` still has `:verified`.

    Verifying takes time, in which the password may be reset or the account closed. This statement finds that out and
    locks the row, so that neither can slip in before what follows is committed (CWE-367).
    """
    return (
        update(User)
        .where(User.id == bindparam("user"), User.password_hash == bindparam("verified"), User.is_active)
        .values(password_hash=bindparam("stored"), updated_at=User.updated_at)
        .returning(User.id)
        .execution_options(synchronize_session=False)
    )


@cache
def insert_login() -> Insert:
    """Return the statement that stores a login."""
    return insert(cast("Table", Login.__table__))


@cache
def insert_refresh_token() -> Insert:
    """Return the statement that stores a refresh token."""
    return insert(cast("Table", RefreshToken.__table__))


def live(now: datetime) -> ColumnElement[bool]:
    """Tell the logins that have not ended."""
    return Login.revoked_at.is_(None) & (Login.expires_at > now)


@cache
def caller() -> Select[Role]:
    """Select the role of the user `:user_id` behind the login `:login_id`; nothing if either has ended by `:now`."""
    return (
        select(User.role)
        .join(Login, Login.user_id == User.id)
        .where(Login.id == bindparam("login_id"), User.id == bindparam("user_id"), User.is_active)
        .where(Login.revoked_at.is_(None), Login.expires_at > bindparam("now"))
    )


def own_logins(
    user_id: UUID, login_id: UUID, now: datetime
) -> Select[UUID, str, str, datetime, datetime, datetime, bool]:
    """Select the live logins of a user, the most recently used first; `current` is the one that asks."""
    return (
        select(
            Login.id,
            Login.user_agent,
            Login.address,
            Login.created_at,
            Login.last_used_at,
            Login.expires_at,
            (Login.id == login_id).label("current"),
        )
        .where(Login.user_id == user_id, live(now))
        .order_by(Login.last_used_at.desc(), Login.id)
        .limit(MAX_LISTED_LOGINS)
    )


def revoke_logins(
    user_id: UUID, now: datetime, *, only: UUID | None = None, besides: UUID | None = None
) -> ReturningUpdate[UUID]:
    """End a user's live logins: all, only one, or all besides one."""
    statement = update(Login).where(Login.user_id == user_id, live(now)).values(revoked_at=now)
    if only is not None:
        statement = statement.where(Login.id == only)
    if besides is not None:
        statement = statement.where(Login.id != besides)
    return statement.returning(Login.id)


@cache
def delete_ended_logins() -> Delete:
    """Forget logins of `:user` that ended by `:now`, and their tokens: unknown ones are refused like revoked ones."""
    has_ended = or_(Login.expires_at <= bindparam("now"), Login.revoked_at <= bindparam("now"))
    return (
        delete(Login)
        .where(Login.user_id == bindparam("user"), has_ended)
        .execution_options(synchronize_session=False)
    )


def claim_refresh_token(token_hash: str, now: datetime) -> ReturningUpdate[UUID]:
    """Mark a token as used. Of any number of callers at once exactly one gets the login back (CWE-362, CWE-367)."""
    return (
        update(RefreshToken)
        .where(RefreshToken.token_hash == token_hash, RefreshToken.used_at.is_(None))
        .values(used_at=now)
        .returning(RefreshToken.login_id)
    )


def touch_login(login_id: UUID, now: datetime) -> ReturningUpdate[UUID]:
    """Note that a login was used; nothing comes back if it has ended."""
    owner_is_active = exists().where(User.id == Login.user_id, User.is_active)
    return (
        update(Login)
        .where(Login.id == login_id, live(now), owner_is_active)
        .values(last_used_at=now)
        .returning(Login.user_id)
    )


def used_refresh_token(token_hash: str, now: datetime, grace: timedelta) -> Select[UUID, UUID, bool]:
    """Select login, user, and whether a used token was used within the grace period; live logins only."""
    return (
        select(RefreshToken.login_id, Login.user_id, (RefreshToken.used_at > now - grace).label("within_grace"))
        .join(Login, RefreshToken.login_id == Login.id)
        .where(RefreshToken.token_hash == token_hash, RefreshToken.used_at.is_not(None), live(now))
    )


def unused_refresh_token(login_id: UUID) -> Select[str]:
    """Select the hash of the one token of a login that has not been used: the end of its chain."""
    return select(RefreshToken.token_hash).where(RefreshToken.login_id == login_id, RefreshToken.used_at.is_(None))


def account_of_token(token_hash: str, purpose: TokenPurpose, now: datetime) -> Select[UUID, str, str]:
    """Select the active user whom a mailed token was sent to."""
    return (
        select(User.id, User.email, User.display_name)
        .join(AccountToken, AccountToken.user_id == User.id)
        .where(_usable(token_hash, purpose, now), User.is_active)
    )


def claim_account_token(token_hash: str, purpose: TokenPurpose, now: datetime) -> ReturningDelete[UUID]:
    """Use a mailed token up. Only one caller gets the user back, however many try at once (ASVS 6.5.1)."""
    return delete(AccountToken).where(_usable(token_hash, purpose, now)).returning(AccountToken.user_id)


def delete_account_tokens(user_id: UUID, purpose: TokenPurpose | None = None) -> Delete:
    """Make the tokens that were mailed to a user worthless."""
    statement = delete(AccountToken).where(AccountToken.user_id == user_id)
    return statement if purpose is None else statement.where(AccountToken.purpose == purpose)


def delete_tokens_of_unverified(email: str) -> Delete:
    """Make earlier links to an address worthless, as long as nobody has shown that it is theirs."""
    unverified = select(User.id).where(User.email == email, User.email_verified_at.is_(None)).scalar_subquery()
    return delete(AccountToken).where(AccountToken.user_id == unverified)


def _usable(token_hash: str, purpose: TokenPurpose, now: datetime) -> ColumnElement[bool]:
    return (
        (AccountToken.token_hash == token_hash) & (AccountToken.purpose == purpose) & (AccountToken.expires_at > now)
    )
