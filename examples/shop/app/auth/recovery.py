"""How a password is replaced: by who knows it, or by who reads the account's mail."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import queries
from app.auth.models import TokenPurpose
from app.auth.passwords import PasswordHasher, check_password
from app.auth.principals import Principal
from app.auth.sessions import end_logins
from app.auth.tokens import hash_token
from app.cache import Cache
from app.database import utc_now
from app.errors import Forbidden, NotFound
from app.users.queries import contact_of, replace_password, verify_address

WRONG_PASSWORD: Final = "the current password is wrong"  # noqa: S105 - a message


class InvalidLink(NotFound):
    """A mailed token that was never issued, was used, was replaced by a newer one, or has expired: all one answer."""

    slug = "invalid-link"
    title = "The link is not valid, or no longer"


async def reset_password(session: AsyncSession, cache: Cache, hasher: PasswordHasher, token: str, password: str) -> str:
    """Set a password by a mailed token, end all logins, and return the address to notify (ASVS 6.4.3, 7.4.3).

    The token also shows that the mailbox is the caller's, so the address counts as verified from here on.
    """
    token_hash = hash_token(token)
    account = (
        await session.execute(queries.account_of_token(token_hash, TokenPurpose.RESET_PASSWORD, utc_now()))
    ).one_or_none()
    if account is None:
        raise InvalidLink
    user_id, email, display_name = account
    check_password(password, email=email, display_name=display_name)
    await session.close()  # the hash must not keep a connection from others; the session takes one again when needed
    password_hash = await hasher.hash(password)
    now = utc_now()
    if await session.scalar(queries.claim_account_token(token_hash, TokenPurpose.RESET_PASSWORD, now)) is None:
        raise InvalidLink
    await session.execute(replace_password(user_id, password_hash))
    await session.execute(verify_address(user_id, now))
    await session.execute(queries.delete_account_tokens(user_id))
    await end_logins(session, cache, user_id)
    return email


async def change_password(
    session: AsyncSession, cache: Cache, hasher: PasswordHasher, caller: Principal, *, current: str, new: str
) -> str:
    """Replace the caller's password, end all their other logins, return the address to notify (ASVS 6.2.3, 7.4.3)."""
    stored, email, display_name = (await session.execute(contact_of(caller.user_id))).one()
    check_password(new, email=email, display_name=display_name, location="body.new_password")
    await session.close()  # as above
    if not await hasher.verify(current, stored):
        raise Forbidden(WRONG_PASSWORD)
    replaced = {"user": caller.user_id, "verified": stored, "stored": await hasher.hash(new)}
    if await session.scalar(queries.confirm_credentials(), replaced) is None:
        raise Forbidden(WRONG_PASSWORD)  # somebody else, by a reset perhaps, was faster
    await session.execute(queries.delete_account_tokens(caller.user_id))
    await end_logins(session, cache, caller.user_id, besides=caller.login_id)
    return email
