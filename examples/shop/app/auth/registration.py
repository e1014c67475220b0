"""How an address becomes an account."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import queries
from app.auth.models import TokenPurpose
from app.auth.passwords import PasswordHasher, check_password
from app.auth.recovery import InvalidLink
from app.auth.tokens import hash_token
from app.database import utc_now
from app.users.queries import verify_address, write_unverified


async def register(
    session: AsyncSession, hasher: PasswordHasher, *, email: str, password: str, display_name: str
) -> None:
    """Write the account, unless the address has a verified one. Either way: one hash, the same two statements.

    Nobody can tell from outside which it was (ASVS 6.3.8; CWE-204, CWE-208); the mailbox gets to know. As long as an
    address is unverified it belongs to nobody, so whoever registers last replaces the password, and links that were
    mailed before stop working.
    """
    check_password(password, email=email, display_name=display_name)
    password_hash = await hasher.hash(password)
    dialect = session.get_bind().dialect.name
    await session.execute(
        write_unverified(dialect, email=email, password_hash=password_hash, display_name=display_name)
    )
    await session.execute(queries.delete_tokens_of_unverified(email))


async def verify_email(session: AsyncSession, token: str) -> None:
    """Use the mailed token up and note that the address belongs to the account."""
    now = utc_now()
    user_id = await session.scalar(queries.claim_account_token(hash_token(token), TokenPurpose.VERIFY_EMAIL, now))
    if user_id is None:
        raise InvalidLink
    await session.execute(verify_address(user_id, now))
