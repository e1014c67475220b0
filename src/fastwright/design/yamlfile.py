"""The YAML form of a design: `name`, `description`, `roles`, `options` and `resources`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fastwright.design.build import build
from fastwright.design.draft import ACTIONS, DesignDraft, FieldDraft, ListDraft, RelationDraft, ResourceDraft
from fastwright.design.kept import read_kept
from fastwright.design.model import Design
from fastwright.design.nodes import description, entries, flag, known_entries, text_word, word_list
from fastwright.design.softly import SOFT_DELETE
from fastwright.design.source import Faults, Spot, Word
from fastwright.design.tree import Items, Node, Scalar, describe, parse_tree
from fastwright.design.versions import read_versions
from fastwright.design.yamlfields import read_member

MAX_BYTES = 1024 * 1024
DESIGN_KEYS = ("name", "description", "roles", "options", "accounts", "versions", "resources")
RESOURCE_KEYS = ("description", "plural", "fields", "owner", "access", "list", "soft_delete", "kept")
LIST_KEYS = ("filter", "sort", "search", "default_sort", "page_size", "max_page_size")
_ACCESS_EXAMPLE = "access: {list: public, update: owner}"


def read_yaml(path: Path) -> Design:
    """Return the design in the file at `path`."""
    source = Spot(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"the design cannot be read: {error.strerror or error}"
        raise source.fault(message, hint="name an existing file, such as `design.yaml`") from None
    _check_size(len(data), source)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Spot(str(path), line).fault("the file is not UTF-8", hint="save it as UTF-8") from None
    return read_yaml_text(text, str(path))


def read_yaml_text(text: str, source: str) -> Design:
    """Return the design that `text` describes; `source` is what faults call it."""
    _check_size(len(text.encode(errors="replace")), Spot(source))
    return build(_design(parse_tree(text, source)))


def _check_size(size: int, spot: Spot) -> None:
    if size > MAX_BYTES:
        raise spot.fault("the design is larger than 1 MiB", hint="split it into several backends")


def _design(root: Node) -> DesignDraft:
    keys = known_entries(root, DESIGN_KEYS, "a design", "name: shop")
    if "name" not in keys:
        raise root.spot.fault("the design has no name", hint="start with `name: shop`")
    faults = Faults()
    name, text, roles, options, accounts, versions = Word("", root.spot), "", (), (), None, None
    with faults.gathered():
        name = text_word(keys["name"], "a name for the backend", "name: shop")
    with faults.gathered():
        text = description(keys.get("description"))
    with faults.gathered():
        roles = _words(keys, "roles", "roles: [editor]") or ()
    with faults.gathered():
        options = _words(keys, "options", "options: [http-client]") or ()
    with faults.gathered():
        accounts = _word(keys, "accounts", "accounts: people")
    with faults.gathered():
        versions = read_versions(keys["versions"]) if "versions" in keys else None
    resources: list[ResourceDraft] = []
    with faults.gathered():
        if "resources" in keys:
            resources = _resources(keys["resources"])
    faults.raise_any()
    return DesignDraft(
        name=name,
        description=text,
        roles=roles,
        options=options,
        resources=tuple(resources),
        accounts=accounts,
        versions=versions,
    )


def _words(keys: Mapping[str, Node], key: str, example: str) -> tuple[Word, ...] | None:
    return word_list(keys[key], f"`{key}`", example) if key in keys else None


def _word(keys: Mapping[str, Node], key: str, example: str) -> Word | None:
    return text_word(keys[key], f"one word for `{key}`", example) if key in keys else None


def _resources(node: Node) -> list[ResourceDraft]:
    faults = Faults()
    resources: list[ResourceDraft] = []
    for name, value in entries(node, "`resources`", "resources: {Post: {fields: {title: str}}}"):
        with faults.gathered():
            resources.append(_resource(name, value))
    faults.raise_any()
    return resources


def _resource(name: Word, node: Node) -> ResourceDraft:
    keys = known_entries(node, RESOURCE_KEYS, f"the resource `{name.text}`", "Post: {fields: {title: str}}")
    faults = Faults()
    members: list[FieldDraft | RelationDraft] = []
    text, plural, owner = "", None, None
    access: dict[str, tuple[Word, ...]] = {}
    options, softly, kept = ListDraft(), None, None
    with faults.gathered():
        members = _members(keys)
    with faults.gathered():
        text = description(keys.get("description"))
    with faults.gathered():
        plural = _word(keys, "plural", "plural: people")
    with faults.gathered():
        owner = _word(keys, "owner", "owner: author")
    with faults.gathered():
        access = _access(keys)
    with faults.gathered():
        options = _list_options(keys)
    with faults.gathered():
        softly = _soft_delete(keys)
    with faults.gathered():
        kept = read_kept(keys["kept"]) if "kept" in keys else None
    faults.raise_any()
    return ResourceDraft(
        name=name,
        plural=plural,
        description=text,
        fields=tuple(member for member in members if isinstance(member, FieldDraft)),
        relations=tuple(member for member in members if isinstance(member, RelationDraft)),
        owner=owner,
        access=access,
        list=options,
        soft_delete=softly,
        kept=kept,
    )


def _soft_delete(keys: Mapping[str, Node]) -> Word | None:
    node = keys.get(SOFT_DELETE)
    return Word(SOFT_DELETE, node.spot) if node is not None and flag(node, f"`{SOFT_DELETE}`") else None


def _members(keys: Mapping[str, Node]) -> list[FieldDraft | RelationDraft]:
    faults = Faults()
    members: list[FieldDraft | RelationDraft] = []
    if "fields" in keys:
        for name, value in entries(keys["fields"], "`fields`", "fields: {title: str}"):
            with faults.gathered():
                members.append(read_member(name, value))
    faults.raise_any()
    return members


def _access(keys: Mapping[str, Node]) -> dict[str, tuple[Word, ...]]:
    if "access" not in keys:
        return {}
    node = keys["access"]
    if isinstance(node, Scalar) and not node.empty:
        raise node.spot.fault(
            f"one word, {describe(node)}, cannot say who may list, read, create, update and delete",
            hint=f"name the actions that differ from the defaults, as in `{_ACCESS_EXAMPLE}`",
        )
    rules = known_entries(node, ACTIONS, "`access`", _ACCESS_EXAMPLE)
    return {action: _access_words(value, action) for action, value in rules.items()}


def _access_words(node: Node, action: str) -> tuple[Word, ...]:
    example = f'{action}: [owner, "role:admin"]'
    if not isinstance(node, Items):
        return (text_word(node, f"who may {action}", example),)
    if not node.nodes:
        raise node.spot.fault(f"nobody may {action}", hint=f"write it as `{example}`")
    return word_list(node, f"`{action}`", example)


def _list_options(keys: Mapping[str, Node]) -> ListDraft:
    if "list" not in keys:
        return ListDraft()
    options = known_entries(keys["list"], LIST_KEYS, "`list`", "list: {search: [title]}")
    return ListDraft(
        filter=_words(options, "filter", "filter: [status]"),
        sort=_sort_words(options),
        search=_words(options, "search", "search: [title]"),
        default_sort=_word(options, "default_sort", "default_sort: -created_at"),
        page_size=_word(options, "page_size", "page_size: 20"),
        max_page_size=_word(options, "max_page_size", "max_page_size: 100"),
    )


def _sort_words(options: Mapping[str, Node]) -> tuple[Word, ...] | None:
    words = _words(options, "sort", "sort: [created_at]")
    if words == ():
        raise options["sort"].spot.fault("the list has no order: `sort` is empty", hint="write `sort: [created_at]`")
    return words
