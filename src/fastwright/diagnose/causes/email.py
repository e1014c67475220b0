"""Not an e-mail address.

`EmailStr` wants a name, an `@` and a domain with a dot. It refuses domains that are reserved (`test`, `localhost`,
`invalid`), blanks and commas. It does not ask whether there is such a mailbox.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import declared
from fastwright.diagnose.scene import Found, Scene

RANK = 49


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("value_error"):
        if "email" not in refused.msg.lower() or refused.raised:
            scene.release(refused)
            continue
        yield scene.found(
            refused,
            expected="an e-mail address, such as ada@example.com",
            why=f"{declared(refused)}; {str(refused.ctx.get('reason') or refused.msg).rstrip('.')}",
            fix="send an address with one @ and a domain",
        )
