"""Who may do what: guards in signatures, conditions in statements, permissions in `app/auth/roles.py`."""

from __future__ import annotations

from dataclasses import dataclass

from fastwright.design import naming
from fastwright.design.model import Access, Resource

ACTIONS = ("list", "read", "create", "update", "delete")
_CONDITIONS = {"list": "listable_by", "read": "readable_by", "update": "updatable_by", "delete": "deletable_by"}

_METHODS = {"list": "GET", "read": "GET", "create": "POST", "update": "PATCH", "delete": "DELETE"}


@dataclass(frozen=True)
class Permission:
    """A member of the backend's `Permission`, and the roles that hold it."""

    member: str
    value: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class ActionView:
    """One action of a resource, and what its access means for each layer."""

    resource: Resource
    action: str

    @property
    def access(self) -> Access:
        rules = {name: getattr(self.resource.access, name) for name in ACTIONS}
        return rules[self.action]

    @property
    def is_public(self) -> bool:
        return self.access.level == "public"

    @property
    def by_owner(self) -> bool:
        """Whether only some rows are meant; whoever creates a row owns it, so there is nothing to narrow there."""
        return self.access.level == "owner" and self.action != "create"

    @property
    def by_role(self) -> bool:
        return self.access.level == "role"

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that the action is for, or that reach everybody's rows."""
        named = self.access.roles if self.by_role or self.by_owner else ()
        return tuple(dict.fromkeys((*named, "admin"))) if named or self.by_role else ()

    @property
    def permission(self) -> Permission | None:
        if not self.roles:
            return None
        suffix = "-any" if self.by_owner else ""
        value = f"{naming.kebab(self.resource.plural)}:{self.action}{suffix}"
        member = f"{self.resource.plural}_{self.action}{suffix}".replace("-", "_").upper()
        return Permission(member, value, self.roles)

    @property
    def guard(self) -> str:
        """The annotation of the parameter that identifies the caller."""
        if self.by_role and self.permission:
            return f"Annotated[Principal, Depends(require(Permission.{self.permission.member}))]"
        return "" if self.is_public else "CurrentUser"

    @property
    def method(self) -> str:
        return _METHODS[self.action]

    @property
    def is_on_one(self) -> bool:
        """Whether the path names a row."""
        return self.action not in {"list", "create"}

    @property
    def role_member(self) -> str:
        """The member of the backend's `Role` that may do it; empty where no role is needed."""
        return naming.enum_member(self.access.roles[0]) if self.by_role else ""

    @property
    def role_members(self) -> tuple[str, ...]:
        return tuple(naming.enum_member(role) for role in self.roles)

    @property
    def condition(self) -> str:
        """The function in `queries.py` that narrows the rows to the caller's; empty where all are meant."""
        if not self.by_owner:
            return ""
        return _CONDITIONS[self.action] if self.roles else "owned_by"


def covers(target: Access, source: Access) -> bool:
    """Return whether all who see `source` may see `target`, too: a label within must not tell more than the row."""
    if target.level == "public":
        return True
    if source.level == "public":
        return False
    if target.level == "authenticated":
        return True
    if source.level == "authenticated" or (source.level == "owner" and target.level == "role"):
        return False
    everywhere = set(target.roles) | {"admin"}
    return set(source.roles) <= everywhere
