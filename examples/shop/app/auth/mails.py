"""The messages that accounts send. All of it runs as tasks after the answer, so an answer takes equally long for all.

Links carry their token behind `#`: a fragment is sent to no server, so it is in no log and no Referer (CWE-598).
Messages go to the address as it is stored, never as it was typed.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import queries
from app.auth.models import AccountToken, TokenPurpose
from app.auth.tokens import hash_token, new_opaque_token
from app.database import Database, utc_now
from app.mail import Mailer, Message
from app.settings import Settings
from app.users.models import User


class AccountMail(StrEnum):
    """The names under which they wait in the outbox."""

    REGISTRATION = "mail.registration"
    VERIFICATION = "mail.verification"
    RESET = "mail.reset"
    PASSWORD_CHANGED = "mail.password-changed"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class AccountMails:
    """Finds the account behind an address, makes the token that a message needs, and sends the message."""

    database: Database
    mailer: Mailer
    settings: Settings

    async def answer_registration(self, email: str) -> None:
        """Send the verification link, or tell the owner of a verified account that they have one already."""
        if await self._send_verification(email):
            return
        async with self.database.session() as session:
            user = await session.scalar(select(User).where(User.email == email))
        if user is not None:
            await self._send(
                user,
                "You already have an account",
                "Somebody, probably you, tried to register with this address. It already has an account.\n"
                "If you have forgotten your password, ask for a new one. Otherwise there is nothing to do.",
            )

    async def send_verification(self, email: str) -> None:
        """Send the link that verifies an address once more, if there is an account that needs it."""
        await self._send_verification(email)

    async def _send_verification(self, email: str) -> bool:
        lifetime = timedelta(hours=self.settings.verification_token_hours)
        async with self.database.session() as session:
            user = await session.scalar(select(User).where(User.email == email, User.is_active))
            if user is None or user.email_verified_at is not None:
                return False
            token = await _issue(session, user, TokenPurpose.VERIFY_EMAIL, lifetime)
        await self._send(
            user,
            "Confirm your e-mail address",
            f"Open this link to confirm your address:\n\n{self._link('verify-email', token)}\n\n"
            f"It works once, within {self.settings.verification_token_hours} hours. "
            "If you did not register, ignore this message.",
        )
        return True

    async def send_reset(self, email: str) -> None:
        """Send the link that sets a new password, if there is an active account."""
        lifetime = timedelta(minutes=self.settings.reset_token_minutes)
        async with self.database.session() as session:
            user = await session.scalar(select(User).where(User.email == email, User.is_active))
            if user is None:
                return
            token = await _issue(session, user, TokenPurpose.RESET_PASSWORD, lifetime)
        await self._send(
            user,
            "Choose a new password",
            f"Open this link to choose a new password:\n\n{self._link('reset-password', token)}\n\n"
            f"It works once, within {self.settings.reset_token_minutes} minutes. "
            "If you did not ask for it, ignore this message: your password stays as it is.",
        )

    async def send_password_changed(self, email: str) -> None:
        """Tell the owner, who alone can know whether it was them (ASVS 6.3.7)."""
        async with self.database.session() as session:
            user = await session.scalar(select(User).where(User.email == email))
        if user is not None:
            await self._send(
                user,
                "Your password was changed",
                "The password of your account has just been changed, and other devices were logged out.\n"
                "If it was not you, choose a new password at once and check who can read your e-mail.",
            )

    async def _send(self, user: User, subject: str, text: str) -> None:
        body = f"Hello {user.display_name},\n\n{text}\n\n{self.settings.project_name}\n"
        await self.mailer.send(Message(to=user.email, subject=subject, text=body))

    def _link(self, page: str, token: str) -> str:
        return f"{self.settings.public_url}/{page}#token={token}"


async def _issue(session: AsyncSession, user: User, purpose: TokenPurpose, lifetime: timedelta) -> str:
    """Make a token for `user`; earlier ones for the same purpose stop working."""
    token, now = new_opaque_token(), utc_now()
    await session.execute(queries.delete_account_tokens(user.id, purpose))
    session.add(
        AccountToken(
            user_id=user.id,
            purpose=purpose,
            token_hash=hash_token(token),
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return token
