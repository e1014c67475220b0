"""What the templates see: the design's names and types, worked out once so that templates stay plain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from fastwright.design import naming
from fastwright.design.model import Design, Field, FieldType, Option, Relation, Resource
from fastwright.scaffold.access import Permission, covers
from fastwright.scaffold.fields import FieldView
from fastwright.scaffold.order import creatable_order, deferred
from fastwright.scaffold.relations import RelationView, Target
from fastwright.scaffold.resources import ResourceView
from fastwright.scaffold.tested import TestedResource

_LABELS = ("name", "title", "label", "subject", "headline", "full_name", "display_name", "number", "code")


@dataclass(frozen=True)
class BackendView:
    """The whole backend."""

    design: Design
    resources: tuple[TestedResource, ...]

    @classmethod
    def of(cls, design: Design) -> BackendView:
        """Return the view of `design`; its resources stand in an order in which their tables can be created."""
        return cls(design, _Builder(design).resources())

    @property
    def has_http_client(self) -> bool:
        return Option.HTTP_CLIENT in self.design.options

    @property
    def has_oidc(self) -> bool:
        return Option.OIDC in self.design.options

    @property
    def has_admin_page(self) -> bool:
        return Option.ADMIN in self.design.options

    @property
    def kept(self) -> tuple[TestedResource, ...]:
        """The resources whose tables were there before."""
        return tuple(resource for resource in self.resources if resource.kept)

    @property
    def made(self) -> tuple[TestedResource, ...]:
        """The resources whose tables come with the backend."""
        return tuple(resource for resource in self.resources if not resource.kept)

    @property
    def kept_tables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(one.table for one in self.kept), *(one.table for one in self.kept_joins))))

    @property
    def kept_joins(self) -> tuple[RelationView, ...]:
        return tuple(one for one in self.associations if one.is_kept_join)

    @property
    def has_number_keys(self) -> bool:
        return any(resource.key.is_number for resource in self.resources)

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """What can be permitted, besides what the platform itself has."""
        found = (view.permission for resource in self.resources for view in resource.actions.values())
        return tuple(permission for permission in found if permission)

    @property
    def any_permissions(self) -> bool:
        return any(permission.value.endswith("-any") for permission in self.permissions)

    @property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """Every role besides `user` and `admin`: member and value."""
        names = (name for name in self.design.roles if name not in {"user", "admin"})
        return tuple((naming.enum_member(name), name) for name in names)

    def held_by(self, role: str) -> tuple[Permission, ...]:
        return tuple(permission for permission in self.permissions if role in permission.roles)

    @property
    def has_users_in_rows(self) -> bool:
        """Whether some row needs a user."""
        return any(relation.target.resource is None for resource in self.resources for relation in resource.relations)

    def children(self, parent: ResourceView) -> tuple[RelationView, ...]:
        """Return the relations that keep a row of `parent` from being deleted."""
        keys = (key for resource in self.resources for key in resource.keys)
        return tuple(key for key in keys if key.target.name == parent.name and not key.nullable)

    @property
    def associations(self) -> tuple[RelationView, ...]:
        """The many-to-many relations, whose tables come after all others."""
        return tuple(relation for resource in self.resources for relation in resource.many)

    @property
    def deferred(self) -> tuple[RelationView, ...]:
        """The to-one relations whose constraint has to wait for a later table."""
        return tuple(key for resource in self.resources for key in resource.keys if key.is_deferred)

    @property
    def types(self) -> frozenset[FieldType]:
        """The field types that the design uses."""
        return frozenset(field.type for field in self._fields)

    @property
    def versions(self) -> tuple[int, ...]:
        return tuple(range(1, self.design.versions.count + 1))

    @property
    def prefix(self) -> str:
        """The path of the latest version, which the tests are about."""
        return f"/api/v{self.design.versions.count}"

    @property
    def deprecation(self) -> int:
        """The moment from which v1 is deprecated, in seconds as RFC 9745 has it; 0 if it is not."""
        day = self.design.versions.deprecated
        return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) if day else 0

    @property
    def sunset(self) -> str:
        """The moment from which v1 may be gone, as a date of HTTP (RFC 8594); empty if that is not said."""
        day = self.design.versions.sunset
        return format_datetime(datetime(day.year, day.month, day.day, tzinfo=UTC), usegmt=True) if day else ""

    @property
    def files(self) -> tuple[FieldView, ...]:
        return tuple(field for resource in self.resources for field in resource.files)

    @property
    def content_types(self) -> tuple[str, ...]:
        """The kinds of content that files may have."""
        return tuple(dict.fromkeys(kind for file in self.files for kind in file.field.content_types))

    @property
    def has_joins(self) -> bool:
        return any(resource.keys for resource in self.resources)

    @property
    def has_lookups(self) -> bool:
        """Whether a body names rows whose existence the database alone cannot vouch for."""
        return any(resource.looked_up for resource in self.resources)

    @property
    def has_integers(self) -> bool:
        return any(field.type is FieldType.INT and not field.is_wide for field in self._fields)

    @property
    def has_wide_integers(self) -> bool:
        return any(field.type is FieldType.INT and field.is_wide for field in self._fields)

    @property
    def _fields(self) -> Iterable[FieldView]:
        return (field for resource in self.resources for field in resource.fields)


class _Builder:
    """Works out what concerns more than one resource."""

    def __init__(self, design: Design) -> None:
        self._accounts = design.accounts
        self._ordered = creatable_order(design.resources)
        self._by_name = {resource.name: resource for resource in self._ordered}
        self._deferred = deferred(self._ordered)
        self._capacities: dict[str, int] = {}
        self._labels = {resource.name: self._label(resource) for resource in self._ordered}

    def resources(self) -> tuple[TestedResource, ...]:
        views: dict[str, TestedResource] = {}
        for resource in self._ordered:
            relations = tuple(self._relation(resource, relation) for relation in resource.relations)
            label = self._labels[resource.name]
            view = TestedResource(resource, relations, label, self._is_referenced(resource), self._capacities)
            views[resource.name] = view
            self._capacities[resource.name] = view.own_capacity
        return tuple(views.values())

    def _is_referenced(self, target: Resource) -> bool:
        return any(relation.target == target.name for _, relation in self._all_relations())

    def _all_relations(self) -> Iterable[tuple[Resource, Relation]]:
        return ((resource, relation) for resource in self._ordered for relation in resource.relations)

    def _label(self, resource: Resource) -> Field | None:
        """Return the field that may stand for a row wherever it is referred to."""
        sources = (source for source, relation in self._all_relations() if relation.target == resource.name)
        seen = [access for source in sources for access in (source.access.read, source.access.list)]
        if not all(covers(resource.access.read, access) for access in seen):
            return None
        texts = {field.name: field for field in resource.fields if field.type is FieldType.STR and field.required}
        preferred = [texts[name] for name in _LABELS if name in texts]
        return next(iter([*preferred, *texts.values()]), None)

    def _relation(self, resource: Resource, relation: Relation) -> RelationView:
        target = self._by_name.get(relation.target)
        keys = [other for other in resource.relations if other.kind == "to_one"]
        joins = Counter(key.target for key in keys)
        between = joins[relation.target]
        if target and target is not resource:
            between += sum(key.kind == "to_one" and key.target == resource.name for key in target.relations)
        return RelationView(
            resource=resource,
            relation=relation,
            target=Target(
                name=relation.target,
                table=naming.table_name(target) if target else self._accounts,
                package=target.plural if target else naming.USERS,
                resource=target,
                label=self._labels.get(relation.target),
            ),
            needs_alias=joins[relation.target] > 1 or target is resource,
            is_ambiguous=between > 1 or (target is resource and relation.kind == "to_one"),
            is_deferred=(resource.name, relation.name) in self._deferred,
            capacities=self._capacities,
        )
