"""Tighter limits where somebody guesses: per account and per address, for each kind of attempt on its own.

Both are counted before anything is looked up, so an address that has no account is limited like one that has
(CWE-204, CWE-307; ASVS 6.3.1). The price is that a stranger can delay an account's logins from many addresses, for a
minute at a time; a lock that lasts would let them shut the owner out.
"""

import hashlib
import math
import time
from functools import cache

from limits import RateLimitItem, parse
from limits.aio.strategies import RateLimiter

from app.errors import TooManyRequests
from app.settings import Settings
from app.users.schemas import normalise_email

limit_of = cache(parse)


class Throttle:
    """Counts the attempts that come from one client address."""

    def __init__(self, limiter: RateLimiter, settings: Settings, address: str) -> None:
        self._limiter = limiter
        self._per_address = limit_of(settings.auth_address_limit)
        self._per_account = limit_of(settings.auth_account_limit)
        self._address = address

    async def count(self, attempt: str, *, account: str | None = None) -> None:
        """Count an attempt, on an account where one is named; raise `TooManyRequests` beyond the limit.

        An address that is over its limit does not use up the account's.
        """
        await self._hit(self._per_address, attempt, "address", self._address)
        if account is not None:
            # The counters can be shared with other processes; addresses of people have no business there.
            digest = hashlib.sha256(normalise_email(account).encode()).hexdigest()
            await self._hit(self._per_account, attempt, "account", digest)

    async def _hit(self, limit: RateLimitItem, *key: str) -> None:
        if not await self._limiter.hit(limit, "auth", *key):
            window = await self._limiter.get_window_stats(limit, "auth", *key)
            raise TooManyRequests(max(1, math.ceil(window.reset_time - time.time())))
