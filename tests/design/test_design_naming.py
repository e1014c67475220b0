"""One place decides every name of the generated backend."""

from __future__ import annotations

import pytest

from fastwright.design import naming, read_shorthand
from fastwright.design.model import Relation


@pytest.mark.parametrize(
    ("name", "snake", "plural"),
    [
        ("Post", "post", "posts"),
        ("BlogPost", "blog_post", "blog_posts"),
        ("Category", "category", "categories"),
        ("Person", "person", "people"),
        ("Box", "box", "boxes"),
        ("Equipment", "equipment", "equipment"),
        ("SKU", "sku", "skus"),
        ("HTTPServer", "http_server", "http_servers"),
    ],
)
def test_words(name: str, snake: str, plural: str) -> None:
    assert (naming.snake(name), naming.plural(name)) == (snake, plural)


def test_names_of_a_resource() -> None:
    post, _ = read_shorthand("blog", ["BlogPost state:enum(in-progress|done)", "Tag"]).resources
    assert naming.table_name(post) == naming.package_name(post) == "blog_posts"
    assert naming.route_segment(post) == "blog-posts"
    assert naming.variable_name(post) == "blog_post"
    assert naming.enum_class(post, post.fields[0]) == "BlogPostState"
    assert naming.enum_member("in-progress") == "IN_PROGRESS"
    assert naming.kebab("BlogPost") == "blog-post"
    assert naming.pascal("blog-post") == "BlogPost"


def test_an_explicit_plural_decides() -> None:
    resource = read_shorthand("blog", ["Post"]).resources[0].model_copy(update={"plural": "news_items"})
    assert naming.table_name(resource) == "news_items"
    assert naming.route_segment(resource) == "news-items"


def test_names_of_relations() -> None:
    post = read_shorthand("blog", ["Post author:->User tags:<->Tag", "Tag"]).resources[0]
    author, tags = post.relations
    assert naming.column_name(author) == "author_id"
    assert naming.ids_name(tags) == "tag_ids"
    assert naming.association_table(post, tags) == "post_tags"
    assert naming.association_columns(post, tags) == ("post_id", "tag_id")


def test_names_of_filters() -> None:
    resource = read_shorthand("blog", ["Post title:str views:int day_on:date"]).resources[0]
    author = Relation(name="author", kind="to_one", target="User")
    assert [naming.filter_names(member) for member in (*resource.fields, author)] == [
        ("title",),
        ("views", "views_min", "views_max"),
        ("day_on", "day_on_from", "day_on_to"),
        ("author_id",),
    ]
