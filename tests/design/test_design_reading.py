"""What the two readers understand, and the defaults that they fill in."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fastwright.design import read_shorthand, read_yaml, read_yaml_text, renamed, with_options
from fastwright.design.model import Access, Design, Field, FieldType, ListOptions, Option, Relation, Resource, Versions

EXAMPLES = Path(__file__).parents[2] / "examples"
AUTHENTICATED = Access(level="authenticated")
OWNER = Access(level="owner")
ADMIN = Access(level="role", roles=("admin",))

BLOG_YAML = """
name: blog
resources:
  Post:
    fields:
      title: str(1..200)
      body: text
      published_at: {type: datetime, required: false}
      author: ->User
  Tag:
    fields:
      name: str(1..40)!
      posts: {to: Post, many: true}
"""
BLOG_SHORTHAND = [
    "Post title:str(1..200) body:text published_at:datetime? author:->User",
    "Tag name:str(1..40)! posts:<->Post",
]


def only(spec: str) -> Resource:
    return read_shorthand("shop", [f"Thing {spec}"]).resources[0]


def field(spec: str) -> Field:
    return only(f"code:{spec}").fields[0]


def owned(access: str = "", options: str = "", fields: str = "state: enum(a|b)") -> Resource:
    text = f"name: x\nroles: [editor]\nresources:\n  Post:\n    fields:\n      {fields}\n      author: ->User\n"
    text += f"    access: {{{access}}}\n    list: {{{options}}}\n"
    return read_yaml_text(text, "design.yaml").resources[0]


def test_both_readers_give_the_same_design() -> None:
    design = read_shorthand("blog", BLOG_SHORTHAND)
    assert read_yaml_text(BLOG_YAML, "design.yaml") == design
    post, tag = design.resources
    assert post.fields[2] == Field(name="published_at", type=FieldType.DATETIME, required=False)
    assert post.relations == (Relation(name="author", kind="to_one", target="User"),)
    assert post.owner == "author"
    assert tag.relations == (Relation(name="posts", kind="many_to_many", target="Post", required=False),)
    assert tag.owner is None


def test_a_design_of_users_only() -> None:
    assert read_shorthand("shop", []) == read_yaml_text("name: shop", "design.yaml") == Design(name="shop")
    assert read_yaml_text("name: shop\nresources:\n", "design.yaml") == Design(name="shop")


@pytest.mark.parametrize(
    ("spec", "lengths"),
    [
        ("str", (1, 255)),
        ("str(..80)", (1, 80)),
        ("str(3..)", (3, 255)),
        ("str(0..9)", (None, 9)),
        ("str( 2 .. 9 )", (2, 9)),
        ("text", (None, 10000)),
        ("text(1..20000)", (1, 20000)),
    ],
)
def test_lengths(spec: str, lengths: tuple[int | None, int]) -> None:
    assert (field(spec).min_length, field(spec).max_length) == lengths


@pytest.mark.parametrize(
    ("spec", "lower", "upper"),
    [
        ("int", -(2**31), 2**31 - 1),
        ("int(0..)", 0, 2**31 - 1),
        ("int(-5..5)", -5, 5),
        ("int(0..5000000000)", 0, 5_000_000_000),
        ("decimal(10,2,0..99999)", 0, 99_999),
        ("decimal(10, 2, ..9.50)", None, Decimal("9.5")),
    ],
)
def test_values(spec: str, lower: int | None, upper: int | Decimal) -> None:
    assert (field(spec).minimum, field(spec).maximum) == (lower, upper)


@pytest.mark.parametrize(
    ("spec", "default"),
    [
        ("bool=false", False),
        ("int=3", 3),
        ("decimal(4,2)=0.50", Decimal("0.5")),
        ("enum(draft|no)=no", "no"),
        ('str="two (words), \\"quoted\\""', 'two (words), "quoted"'),
        ("date=2026-12-31", "2026-12-31"),
        ("datetime=2026-12-31T12:00:00Z", "2026-12-31T12:00:00+00:00"),
        ("url=https://example.org", "https://example.org"),
        ("email=a@example.org", "a@example.org"),
        ("uuid=123E4567-E89B-12D3-A456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
    ],
)
def test_defaults(spec: str, default: object) -> None:
    assert field(spec).default == default
    assert type(field(spec).default) is type(default)


def test_marks_come_in_any_order() -> None:
    assert (
        field("str!?")
        == field("str?!")
        == Field(name="code", type=FieldType.STR, required=False, unique=True, min_length=1, max_length=255)
    )


def test_the_long_form_adds_to_the_shorthand() -> None:
    text = "name: x\nresources:\n  Thing:\n    fields:\n"
    text += '      code: {type: "str(2..9)!", description: "  A\n        code "}\n'
    expected = Field(name="code", type=FieldType.STR, unique=True, min_length=2, max_length=9, description="A code")
    assert read_yaml_text(text, "design.yaml").resources[0].fields == (expected,)


def test_words_of_yaml_1_1_stay_words() -> None:
    text = "name: x\nresources:\n  Thing:\n    fields:\n      on: {type: enum, values: [yes, no, off], default: no}\n"
    answer = read_yaml_text(text, "design.yaml").resources[0].fields[0]
    assert (answer.name, answer.values, answer.default) == ("on", ("yes", "no", "off"), "no")


def test_anchors_may_be_used() -> None:
    text = "name: x\nresources:\n  Post: {fields: &both {title: str}}\n  News: {fields: *both}\n"
    first, second = read_yaml_text(text, "design.yaml").resources
    assert first.fields == second.fields


def test_children_become_relations_to_their_parent() -> None:
    seen_from_parent = read_shorthand("blog", ["Post title:str comments:<-Comment", "Comment body:text"])
    seen_from_child = read_shorthand("blog", ["Post title:str", "Comment body:text post:->Post"])
    both = read_shorthand("blog", ["Post title:str comments:<-Comment", "Comment body:text post:->Post"])
    assert seen_from_parent == seen_from_child == both


def test_a_relation_may_point_at_its_own_kind() -> None:
    assert only("parent:->Thing?").relations == (
        Relation(name="parent", kind="to_one", target="Thing", required=False),
    )


def test_default_access_without_an_owner() -> None:
    rules = only("code:str").access
    assert (rules.list, rules.read, rules.create, rules.update, rules.delete) == (AUTHENTICATED,) * 2 + (ADMIN,) * 3


def test_default_access_with_an_owner() -> None:
    rules = only("author:->User").access
    assert (rules.list, rules.read, rules.create, rules.update, rules.delete) == (AUTHENTICATED,) * 3 + (OWNER,) * 2


@pytest.mark.parametrize("spec", ["author:->User?", "author:->User!", "author:<->User", "a:->User b:->User"])
def test_what_cannot_be_an_owner_is_none(spec: str) -> None:
    assert only(spec).owner is None


def test_no_owner_where_no_rule_needs_one() -> None:
    assert owned("update: role:editor, delete: role:admin").owner is None
    assert owned("update: role:editor").owner == "author"


def test_access_words() -> None:
    rules = owned(
        'list: public, read: [owner, "role:editor"], create: owner, delete: ["role:admin", "role:editor"]'
    ).access
    assert rules.list == Access(level="public")
    assert rules.read == Access(level="owner", roles=("editor",))
    assert rules.create == AUTHENTICATED
    assert rules.update == OWNER
    assert rules.delete == Access(level="role", roles=("admin", "editor"))


def test_an_option_brings_what_it_needs() -> None:
    design = read_yaml_text("name: x\noptions: [admin, oidc]\n", "design.yaml")
    assert design.options == (Option.HTTP_CLIENT, Option.OIDC, Option.ADMIN)


def test_options_of_the_command_line_are_added() -> None:
    design = read_yaml_text("name: x\noptions: [admin]\n", "design.yaml")
    assert with_options(design, ["http-client", "admin"]).options == (Option.HTTP_CLIENT, Option.ADMIN)


def test_a_file_in_short_and_in_full() -> None:
    short = field("file(image/png|image/jpeg, ..500KB)?")
    full = "{type: file, required: false, content_types: [image/png, image/jpeg], max_size: 500KB}"
    [thing] = read_yaml_text(f"name: shop\nresources: {{Thing: {{fields: {{code: {full}}}}}}}", "x").resources
    assert thing.fields == (short,)
    assert (short.content_types, short.max_bytes) == (("image/png", "image/jpeg"), 500_000)
    assert field("file(application/pdf)?").max_bytes == 10_000_000


def test_a_field_of_one_version_makes_two() -> None:
    design = read_shorthand("shop", ["Thing code:str old:str?@..1 new:int?@2..=3"])
    assert design.versions == Versions(count=2)
    code, old, new = design.resources[0].fields
    assert [(field.since, field.until) for field in (code, old, new)] == [(None, None), (None, 1), (2, None)]
    full = "{old: {type: str, required: false, versions: ..1}}"
    versions = "versions: {deprecated: 2026-12-01, sunset: 2027-06-30}"
    read = read_yaml_text(f"name: shop\n{versions}\nresources: {{Thing: {{fields: {full}}}}}", "x")
    assert read.versions == Versions(count=2, deprecated=date(2026, 12, 1), sunset=date(2027, 6, 30))
    assert read.resources[0].fields == (old,)


def test_soft_delete_is_a_key_and_a_word() -> None:
    [thing] = read_yaml_text("name: shop\nresources: {Thing: {soft_delete: true, fields: {code: str}}}", "x").resources
    assert thing == only("soft_delete code:str")
    assert thing.soft_delete
    assert not only("code:str").soft_delete


def test_default_list_options() -> None:
    assert owned().list == ListOptions(filter=("state", "author"))
    assert owned("list: owner").list.filter == ("state",)


def test_list_options() -> None:
    assert owned(options="sort: [updated_at], max_page_size: 10").list == ListOptions(
        filter=("state", "author"), sort=("updated_at",), default_sort="updated_at", page_size=10, max_page_size=10
    )


def test_a_windows_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "design.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: shop\r\ndescription: Good\r\n")
    assert read_yaml(path) == Design(name="shop", description="Good")


def test_renaming() -> None:
    assert renamed(Design(name="shop"), "my-shop") == Design(name="my-shop")


def test_the_shop_shows_every_feature() -> None:
    design = read_yaml(EXAMPLES / "shop.yaml")
    assert len(design.resources) == 5
    levels = {rule.level for resource in design.resources for rule in vars(resource.access).values()}
    assert levels == {"public", "authenticated", "owner", "role"}
    kinds = {field.type for resource in design.resources for field in resource.fields}
    assert {FieldType.ENUM, FieldType.DECIMAL, FieldType.EMAIL, FieldType.URL} <= kinds
    relations = {(r.name, x.kind, r.name == x.target) for r in design.resources for x in r.relations}
    assert ("Category", "to_one", True) in relations
    assert ("Product", "many_to_many", False) in relations


def test_the_erp_has_the_size_of_a_real_backend() -> None:
    assert len(read_yaml(EXAMPLES / "erp.yaml").resources) == 25


def test_the_readers_are_loaded_when_they_are_used() -> None:
    program = "import sys, fastwright.design; print({'yaml', 'inflection', 'pydantic'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
