"""Commands for whoever runs the backend: `python -m app.manage create-admin EMAIL`."""

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Sequence

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from app.auth.passwords import PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH, PasswordHasher, check_password
from app.auth.roles import Role
from app.database import Database, utc_now
from app.errors import InvalidRequest
from app.settings import Settings, get_settings
from app.users.models import User
from app.users.schemas import Email

PASSWORD_VARIABLE = "FIRST_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable


class CommandError(Exception):
    """Something that the person at the terminal can put right."""


def main(arguments: Sequence[str] | None = None, settings: Settings | None = None) -> int:
    """Run one command and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.manage", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    create_admin = commands.add_parser(
        "create-admin",
        help="make an administrator",
        description="Make an administrator, or promote the verified account that has the address. A new password "
        f"is asked for, or taken from {PASSWORD_VARIABLE}; it never stands on the command line (CWE-214).",
    )
    create_admin.add_argument("email", metavar="EMAIL")
    options = parser.parse_args(arguments)
    try:
        print(asyncio.run(_create_admin(settings or get_settings(), options.email)))
    except CommandError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


async def _create_admin(settings: Settings, given: str) -> str:
    """Make or promote the administrator; the address counts as verified, since whoever runs this vouches for it."""
    try:
        email = TypeAdapter[str](Email).validate_python(given)
    except ValidationError as error:
        raise CommandError(error.errors()[0]["msg"]) from None
    database = Database(settings)
    try:
        async with database.session() as session:
            user = await session.scalar(select(User).where(User.email == email))
            if user is not None and user.email_verified_at is not None:
                user.role, user.is_active = Role.ADMIN, True
                return f"{email} is an administrator now; the password is unchanged"
            # Whoever registered an address that was never verified need not be its owner: their password goes.
            password_hash = await PasswordHasher(settings).hash(_new_password(email))
            if user is None:
                user = User(email=email, display_name=email.partition("@")[0][:80])
                session.add(user)
            user.role, user.is_active = Role.ADMIN, True
            user.password_hash, user.email_verified_at = password_hash, utc_now()
            return f"{email} was created as an administrator"
    finally:
        await database.dispose()


def _new_password(email: str) -> str:
    password = os.environ.get(PASSWORD_VARIABLE) or _prompt()
    if not PASSWORD_MIN_LENGTH <= len(password) <= PASSWORD_MAX_LENGTH:
        raise CommandError(f"a password has {PASSWORD_MIN_LENGTH} to {PASSWORD_MAX_LENGTH} characters")
    try:
        check_password(password, email=email, display_name="")
    except InvalidRequest as refusal:
        raise CommandError(refusal.errors[0].message) from None
    return password


def _prompt() -> str:
    if not sys.stdin.isatty():
        raise CommandError(f"no terminal to ask for a password; set {PASSWORD_VARIABLE}")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Again: "):
        raise CommandError("the two passwords differ")
    return password


if __name__ == "__main__":
    sys.exit(main())
