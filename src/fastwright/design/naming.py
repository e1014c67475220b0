"""Every name of the generated backend is decided here, and nowhere else.

From a resource `BlogPost` (plural `blog_posts`): package and table `blog_posts`, route `/blog-posts`, column
`blog_post_id` in tables that point at it. From a relation `tags`: `tag_ids` in bodies, and an association table.
"""

from __future__ import annotations

import re

import inflection

from fastwright.design.model import Field, FieldType, KeptColumn, Relation, Resource

USER = "User"
USERS = "users"
# PostgreSQL cuts longer identifiers off without an error.
IDENTIFIER_LIMIT = 63
NAME_LIMIT = 40
CLASS_SUFFIXES = ("Create", "Update", "Read", "Ref", "Filters")
AUTOMATIC_COLUMNS = ("id", "created_at", "updated_at", "version")

_RANGE_SUFFIXES = {
    FieldType.INT: ("min", "max"),
    FieldType.DECIMAL: ("min", "max"),
    FieldType.DATE: ("from", "to"),
    FieldType.DATETIME: ("from", "to"),
}


def snake(name: str) -> str:
    """Return `BlogPost` as `blog_post`."""
    return re.sub(r"[^a-z0-9]+", "_", inflection.underscore(name)).strip("_")


def pascal(name: str) -> str:
    """Return `blog_post` or `blog-post` as `BlogPost`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def kebab(name: str) -> str:
    """Return `BlogPost` or `blog_post` as `blog-post`."""
    return snake(name).replace("_", "-")


def plural(name: str) -> str:
    """Return the plural of a resource's name in snake case: `Category` is `categories`."""
    return inflection.pluralize(snake(name))


def singular(name: str) -> str:
    return inflection.singularize(name)


def table_name(resource: Resource) -> str:
    return resource.kept.table if resource.kept else resource.plural


def kept_column(resource: Resource, member: str) -> KeptColumn | None:
    """Return the column of a member that was there before, if it was."""
    return dict(resource.kept.columns).get(member) if resource.kept else None


def package_name(resource: Resource) -> str:
    """Return the name of the domain package, as in `app/blog_posts/`."""
    return resource.plural


def route_segment(resource: Resource) -> str:
    """Return the path under which the resource is served, without slashes."""
    return resource.plural.replace("_", "-")


def variable_name(resource: Resource) -> str:
    """Return the name for one such thing in the code, as in `blog_post`."""
    return snake(resource.name)


def column_name(relation: Relation) -> str:
    """Return the foreign key column of a to-one relation: `author` is `author_id`."""
    return f"{relation.name}_id"


def ids_name(relation: Relation) -> str:
    """Return the body field of a many-to-many relation: `tags` is `tag_ids`."""
    return f"{singular(relation.name)}_ids"


def attribute_names(member: Field | Relation) -> tuple[str, ...]:
    """Return every attribute that a field or relation takes up in models and schemas."""
    if isinstance(member, Field):
        return (member.name,)
    if member.kind == "to_one":
        return member.name, column_name(member)
    return member.name, ids_name(member)


def association_table(resource: Resource, relation: Relation) -> str:
    """Return the table of a many-to-many relation: `Post.tags` is `post_tags`."""
    kept = _join(resource, relation)
    if kept:
        return kept[0]
    return f"{snake(resource.name)}_{relation.name}"


def _join(resource: Resource, relation: Relation) -> tuple[str, str, str] | None:
    return dict(resource.kept.joins).get(relation.name) if resource.kept else None


def association_columns(resource: Resource, relation: Relation) -> tuple[str, str]:
    """Return the columns for this side and the other: `post_id` and `tag_id`."""
    kept = _join(resource, relation)
    if kept:
        return kept[1:]
    return f"{snake(resource.name)}_id", f"{singular(relation.name)}_id"


def filter_names(member: Field | Relation) -> tuple[str, ...]:
    """Return the query parameters by which the list endpoint filters a field or relation."""
    if isinstance(member, Relation):
        return (column_name(member),)
    suffixes = _RANGE_SUFFIXES.get(member.type, ())
    return member.name, *(f"{member.name}_{suffix}" for suffix in suffixes)


def enum_class(resource: Resource, field: Field) -> str:
    """Return the class of an enum field: `Post.status` is `PostStatus`."""
    return f"{resource.name}{pascal(field.name)}"


def enum_member(value: str) -> str:
    """Return the Python name of an enum's value: `in-progress` is `IN_PROGRESS`."""
    return value.replace("-", "_").upper()


def class_names(resource: Resource) -> tuple[str, ...]:
    """Return every class that is generated for a resource, enums included."""
    enums = (enum_class(resource, field) for field in resource.fields if field.type is FieldType.ENUM)
    return resource.name, *(resource.name + suffix for suffix in CLASS_SUFFIXES), *enums


def constraint_names(resource: Resource, tables: dict[str, str]) -> tuple[str, ...]:
    """Return the names of keys, unique constraints and indexes; `tables` gives each target's table."""
    table = table_name(resource)
    to_one = [relation for relation in resource.relations if relation.kind == "to_one"]
    columns = [field.name for field in resource.fields] + [column_name(relation) for relation in to_one]
    keys = [f"fk_{table}_{column_name(relation)}_{tables[relation.target]}" for relation in to_one]
    return *keys, *(f"uq_{table}_{column}" for column in columns), *(f"ix_{table}_{column}" for column in columns)
