"""Passwords: which are accepted, and how they are hashed."""

import asyncio
import os
import string
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher
from typing_extensions import override

from app.errors import FieldError, InvalidRequest
from app.settings import Settings

PASSWORD_MIN_LENGTH: Final = 12
PASSWORD_MAX_LENGTH: Final = 128
BCRYPT_MAX_BYTES: Final = 72
COMMON_PASSWORDS: Final = Path(__file__).with_name("common_passwords.txt")
SHORT_UNIT: Final = 6
OWN_WORD_MIN_LENGTH: Final = 4
DECORATION: Final = string.digits + string.punctuation + " "
NICENESS: Final = 10
LOOKALIKES: Final = str.maketrans("@4301!$5", "aaeoiiss")


class PasswordHasher:
    """Hashes in argon2id with OWASP's parameters, off the event loop, and only a few at a time.

    A hash is meant to be expensive, so its number must be bounded: a storm of logins queues here, and neither the
    event loop nor the threads that others need are taken (CWE-400). argon2 releases the GIL, so threads are enough;
    where the system allows it, they leave the processor to the event loop when it wants it.
    """

    def __init__(self, settings: Settings) -> None:
        argon2 = Argon2Hasher(
            time_cost=settings.argon2_time_cost,
            memory_cost=settings.argon2_memory_kib,
            parallelism=settings.argon2_parallelism,
        )
        self._hashes = PasswordHash((argon2, TruncatingBcrypt()))
        self._workers = _workers(settings.hashing_workers)
        self._nobodys_hash = self._hashes.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """Return the argon2id hash of `password`."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, self._hashes.hash, _prepared(password))

    async def verify(self, password: str, stored: str | None) -> bool:
        """Tell whether `password` is the one behind `stored`.

        None stands for an account that does not exist: a hash is computed all the same, so that the answer takes as
        long as for one that does (ASVS 6.3.8; CWE-208). A bcrypt hash takes its own time until it is replaced.
        """
        return await asyncio.get_running_loop().run_in_executor(self._workers, self._verify, _prepared(password), stored)

    async def verify_and_upgrade(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Verify, and return a new hash where `stored` is bcrypt or has weaker parameters than today's."""
        matches = await self.verify(password, stored)
        if stored is None or not matches:
            return False, None
        current = self._hashes.current_hasher
        outdated = not current.identify(stored) or current.check_needs_rehash(stored)
        return True, await self.hash(password) if outdated else None

    def _verify(self, password: str, stored: str | None) -> bool:
        if stored is None or not any(hasher.identify(stored) for hasher in self._hashes.hashers):
            self._hashes.verify(password, self._nobodys_hash)
            return False
        return self._hashes.verify(password, stored)


@cache
def _workers(number: int) -> ThreadPoolExecutor:
    """Return the threads that hash in this process: made once, however many apps there are, and ended with it."""
    return ThreadPoolExecutor(number, "hashing", initializer=_stand_back)


def _stand_back() -> None:
    """Make this thread less urgent. Only on Linux is that a thread's own; elsewhere it is the process's."""
    if sys.platform == "linux":
        os.nice(NICENESS)


class TruncatingBcrypt(BcryptHasher):
    """Verifies as bcrypt always did, by the first 72 bytes; today's library refuses longer passwords instead."""

    @override
    def verify(self, password: str | bytes, hash: str | bytes) -> bool:
        encoded = password.encode() if isinstance(password, str) else password
        return super().verify(encoded[:BCRYPT_MAX_BYTES], hash)


def check_password(password: str, *, email: str, display_name: str, location: str = "body.password") -> None:
    """Refuse a password that is easy to guess (NIST 800-63B 3.1.1.2; ASVS 6.2.4, 6.2.11; CWE-521).

    No character classes are asked for (ASVS 6.2.5): length and not being on the guesser's list are what helps. The list
    is of stems rather than of passwords of this length, which are stems decorated, repeated or put together.
    """
    folded = _prepared(password).casefold()
    if _is_common(folded):
        message = "this password is among the most common ones"
        raise InvalidRequest(FieldError(location=location, message=message, code="common_password"))
    remainder = folded
    for own in (email, email.partition("@")[0], display_name.casefold()):
        if len(own) >= OWN_WORD_MIN_LENGTH:
            remainder = remainder.replace(own, "")
    if len(remainder) < PASSWORD_MIN_LENGTH // 2:
        message = "this password is little more than your name or e-mail address"
        raise InvalidRequest(FieldError(location=location, message=message, code="personal_password"))


def _is_common(folded: str) -> bool:
    """Tell whether a guesser gets to this password from the list by the usual steps.

    `P@ssw0rd2024!` is `password` decorated, `qwertyqwerty` a repetition, and `lovelyprincess` two words in a row.
    """
    stem = folded.strip(DECORATION)
    spellings = {folded, stem, folded.translate(LOOKALIKES), stem.translate(LOOKALIKES)}
    return any(_is_listed(spelling) for spelling in spellings - {""})


def _is_listed(word: str) -> bool:
    listed = _common_passwords()
    unit = word[: (word + word).find(word, 1)]  # a repetition is found inside itself doubled, before its own end
    if unit in listed or len(unit) < min(len(word), SHORT_UNIT):
        return True
    return any(word[:middle] in listed and word[middle:] in listed for middle in range(1, len(word)))


@cache
def _common_passwords() -> frozenset[str]:
    return frozenset(COMMON_PASSWORDS.read_text(encoding="utf-8").split())


def _prepared(password: str) -> str:
    """Normalise to NFC, so that the same characters typed on another system are the same password.

    NIST 800-63B also allows NFKC; NFC (as RFC 8265's OpaqueString) does not fold different characters together.
    """
    return unicodedata.normalize("NFC", password)
