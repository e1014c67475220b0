"""Faulty designs, and what must be said about them. `«` stands right before the word that must be pointed at."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """A faulty design, and words that its first fault must say."""

    text: str
    message: str
    hint: str


def post(field: str, rest: str = "") -> str:
    return f"name: blog\nroles: [editor]\nresources:\n  Post:\n    fields:\n      title: str\n      {field}\n{rest}"


def access(rule: str) -> str:
    return post("author: ->User", f"    access: {{{rule}}}\n")


def listing(option: str) -> str:
    return post("body: text", f"    list: {{{option}}}\n")


def resource(name: str, rest: str = "") -> str:
    return f"name: blog\nresources:\n  {name}:\n    fields: {{title: str}}\n{rest}"


def project(name: str) -> str:
    return f"name: «{name}\n"


YAML = {
    # Types and the grammar of a field
    "unknown type": Case(post("views: «integr"), "no type `integr`", "did you mean `int`?"),
    "type of another language": Case(post("views: «varchar(20)"), "no type `varchar`", "did you mean `str`?"),
    "type with no likeness": Case(post("views: «zzz"), "no type `zzz`", "use `str`"),
    "unclosed parenthesis": Case(post("views: int«(0..3"), "no closing `)`", "close it"),
    "comma in a flow mapping": Case(
        "name: x\nresources: {Post: {fields: {price: decimal«(10,2)}}}\n", "no closing `)`", "quotes around the whole"
    ),
    "empty parentheses": Case(post("views: int(«)"), "parentheses are empty", "write just `int`"),
    "parentheses on a type without": Case(post("views: bool(«1)"), "takes nothing in parentheses", "write just `bool`"),
    "mark twice": Case(post("code: str!«!"), "written twice", "leave one"),
    "words after the marks": Case(post("code: str! «unique"), "not understood", "after the type come"),
    "default without quotes": Case(post("code: str=some «words"), "`words` is not understood", "put quotes"),
    "empty default": Case(post("code: str=«"), "not complete", "=word"),
    "null field": Case(post("code: «~"), "expected a type for `code`, found nothing", "name: str"),
    # Bounds
    "bounds reversed": Case(post("code: str(«20..10)"), "reversed", "`10..20`"),
    "bounds reversed by the default": Case(post("code: str(«300..)"), "reversed", "255..300"),
    "length negative": Case(post("code: str(«-1..10)"), "negative", "start at `0`"),
    "length of nothing": Case(post("code: str(0..«0)"), "no room", "at least `1`"),
    "length too great": Case(post("code: str(1..«5000)"), "at most 4000", "use `text`"),
    "one number for bounds": Case(post("code: str(«40)"), "not a pair of bounds", "`..40`"),
    "bound is no number": Case(post("views: int(0..«many)"), "not a whole number", "digits"),
    "int beyond json": Case(post("views: int(0..«99999999999999999)"), "JSON clients", "`str` or `decimal`"),
    "decimal bare": Case(post("price: «decimal"), "needs precision and scale", "decimal(10,2)"),
    "decimal with one argument": Case(post("price: decimal(«10)"), "needs precision and scale", "decimal(10,2)"),
    "precision too great": Case(post("price: decimal(«19,2)"), "precision of 19", "1 to 18"),
    "precision of nothing": Case(post("price: decimal(«0,0)"), "precision of 0", "1 to 18"),
    "scale beyond precision": Case(post("price: decimal(4,«5)"), "scale of 5", "0 to 4"),
    "decimal bound too long": Case(
        post("price: decimal(4,2,0..«100.5)"), "does not fit decimal(4,2)", "2 digits before"
    ),
    "decimal bounds reversed": Case(post("price: decimal(4,2,«5..1)"), "reversed", "`1..5`"),
    # Defaults
    "default out of bounds": Case(post("views: int(0..5)=«6"), "out of bounds", "0..5"),
    "default below": Case(post("price: decimal(4,2,1..)=«0.50"), "out of bounds", "1.."),
    "default of the wrong type": Case(post("views: int=«many"), "not a whole number", "digits"),
    "default no bool": Case(post("done: bool=«no"), "not a bool", "`true` or `false`"),
    "default not among values": Case(
        post("state: enum(draft|live)=«life"), "not among the values", "did you mean `live`?"
    ),
    "default too long": Case(post("code: str(1..3)=«abcd"), "4 characters", "1 to 3"),
    "default no date": Case(post("day: date=«2026-02-30"), "not a date", "2026-12-31"),
    "default without zone": Case(post("at: datetime=«2026-02-03T10:00:00"), "timezone", "Z"),
    "default no uuid": Case(post("key: uuid=«1234"), "not a UUID", "123e4567"),
    "default no email": Case(post("mail: email=«nobody"), "not an email", "name@example.org"),
    "default no url": Case(post("site: url=«ftp://example.org"), "not a URL", "https://"),
    "default for json": Case(post("extra: json=«1"), "takes no default", "optional"),
    "default and unique": Case(post("code: str!=«abc"), "second row", "leave one"),
    "default null": Case(post("code: {type: str, default: «null}"), "cannot be null", "required: false"),
    # Unique
    "unique text": Case(post("code: text«!"), "cannot be unique", "leave `!`"),
    "unique bool": Case(post("code: bool«!"), "two rows", "leave `!`"),
    "unique and too long": Case(post("code: str(..501)«!"), "cannot be indexed", "500"),
    # Enums
    "enum without values": Case(post("state: «enum"), "no values", "enum(draft|published)"),
    "enum with an empty value": Case(post("state: enum(draft|«)"), "is empty", "one `|`"),
    "enum value twice": Case(post("state: enum(draft|live|«draft)"), "there twice", "leave one"),
    "enum value with a space": Case(post("state: enum(«on hold)"), "cannot be an enum value", "in-progress"),
    "enum value starting with a digit": Case(
        post("state: {type: enum, values: [«2xl]}"), "cannot be", "start with a letter"
    ),
    "enum values clash": Case(post("state: enum(on-hold|«on_hold)"), "`ON_HOLD`", "rename"),
    "enum values on a str": Case(post("state: {type: «str, values: [a]}"), "takes no values", "use `enum`"),
    "enum values as text": Case(post("state: {type: enum, values: «draft}"), "expected a list", "values: ["),
    # Files
    "file of anything": Case(post("avatar: «file?"), "does not say what it may be", "image/png"),
    "file that is required": Case(post("avatar: «file(image/png)"), "cannot be required", "optional"),
    "file with scripts": Case(post("avatar: file(«image/svg+xml)?"), "its first bytes tell", "image/png"),
    "file type twice": Case(post("avatar: file(image/png|«image/png)?"), "there twice", "leave one"),
    "file of no size": Case(post('avatar: "file(image/png, «..2GB)?"'), "not a size", "..2MB"),
    "file too large": Case(post('avatar: "file(image/png, «..200MB)?"'), "too large", "..100MB"),
    "file with a third argument": Case(post('avatar: "file(«image/png, ..2MB, 3)?"'), "not understood", "..2MB"),
    "file and unique": Case(post("avatar: file(image/png)?«!"), "cannot be unique", "leave `!`"),
    "file and default": Case(post("avatar: file(image/png)?=«x"), "takes no default", "leave it out"),
    "content types of a text": Case(post("code: {type: str, content_types: [«image/png]}"), "neither", "use `file`"),
    # Versions
    "version that is not there": Case(post("code: str?@«3.."), "which version", "@2.."),
    "version of a required field": Case(post("«code: str@2.."), "has to be optional", "`?`"),
    "version of a file": Case(post("«avatar: file(image/png)?@2.."), "in every version", "leave"),
    "version in full": Case(post("code: {type: 'str?', versions: «2}"), "which version", "@2.."),
    # The long form
    "field of nothing": Case(post("«code: {required: true}"), "neither `type` nor `to`", "type: str"),
    "unknown key of a field": Case(post("code: {type: str, «max_lenght: 3}"), "no key `max_lenght`", "`max_length`"),
    "bound of another type": Case(post("code: {type: int, min_length: «3}"), "no `min_length`", "`minimum`"),
    "required is no bool": Case(post("code: {type: str, required: «yes}"), "true or false", "`true`"),
    "required and optional": Case(post("code: {type: 'str?', required: «true}"), "both optional", "leave"),
    "written twice": Case(post('code: {type: "str(1..3)", max_length: «4}'), "written twice", "leave one"),
    "relation with a default": Case(post("author: {to: User, default: «1}"), "a relation has no `default`", "use `to`"),
    "many and required": Case(
        post("tags: {to: User, many: true, required: «true}"), "neither required", "it is a list"
    ),
    # Relations
    "unknown target": Case(post("author: ->«Usr"), "no known resource: `Usr`", "did you mean `User`?"),
    "no target": Case(post("author: «->?"), "names no resource", "->Target"),
    "optional many": Case(post("others: <->Post«?"), "no meaning", "leave the mark out"),
    "optional children": Case(post("others: <-Post«?"), "no meaning", "other side"),
    "children of itself": Case(post("others: <-«Post"), "its own parent", "parent: ->Post?"),
    "children that are users": Case(post("readers: <-«User"), "built in", "<->User"),
    "required self relation": Case(post("«parent: ->Post"), "could never be created", "->Post?"),
    "circle of two": Case(
        post("«first: ->Page1", "  Page1: {fields: {post: ->Post}}\n"),
        "`Post` needs `Page1` (`first`), `Page1` needs",
        "optional",
    ),
    "both sides of many-to-many": Case(
        post("tags: <->Tag", '  Tag: {fields: {«posts: "<->Post"}}\n'), "other side of `Post.tags`", "once"
    ),
    "children clash with a field": Case(
        post("blog: str", '  Blog: {fields: {«posts: "<-Post"}}\n'), "a relation `blog`", "rename `Post.blog`"
    ),
    # Names
    "field is a keyword": Case(post("«class: str"), "word of Python", "post_class"),
    "field is a soft keyword": Case(post("«match: str"), "word of Python", "post_match"),
    "unique with few values": Case(post("seat: int(1..60)«!"), "only 60 rows could exist", "allow more values"),
    "unique with few decimals": Case(post("rate: decimal(3,1,0..5)«!"), "only 51 rows could exist", "allow more"),
    "unique with few characters": Case(post("mark: str(..1)«!"), "only 10 rows could exist", "allow more"),
    "enum is unique": Case(post("state: enum(a|b)«!"), "only as many rows as values", "leave `!`"),
    "field is a builtin type": Case(post("«list: str"), "hide a type", "post_list"),
    "field hides a class": Case(post("«decimal: date"), "hide a type", "post_decimal"),
    "field of pydantic": Case(post("«model_name: str"), "Pydantic", "post_model_name"),
    "field of pydantic too": Case(post("«schema: str"), "Pydantic", "post_schema"),
    "field of sqlalchemy": Case(post("«metadata: json"), "SQLAlchemy", "post_metadata"),
    "field that is there": Case(post("«created_at: datetime"), "every resource has it", "leave it out"),
    "field is a query parameter": Case(post("«cursor: str"), "query parameter", "post_cursor"),
    "field is a parameter": Case(post("«session: str"), "parameter", "post_session"),
    "field is a system column": Case(post("«xmin: int"), "hidden column", "post_xmin"),
    "field in camel case": Case(post("«firstName: str"), "cannot be the name of a field", "first_name"),
    "field not in ascii": Case(post("«größe: str"), "cannot be the name of a field", "lower-case"),
    "field too long": Case(post(f"«{'a' * 41}: str"), "41 characters", "at most 40"),
    "field twice": Case(post("«title: text"), "there twice", "rename"),
    "field beside a relation": Case(post("«author: ->User\n      author_id: int"), "`author_id`", "rename"),
    "field beside many": Case(post("«tags: <->User\n      tag_ids: str"), "`tag_ids`", "rename"),
    "resource is built in": Case(resource("«User"), "built in", "->User"),
    "resource in snake case": Case(resource("«blog_post"), "cannot be the name of a resource", "BlogPost"),
    "resource not in ascii": Case(resource("«Straße"), "cannot be the name of a resource", "capital"),
    "resource is a class": Case(resource("«Settings"), "class of that name", "BlogSettings"),
    "resource is a keyword": Case(resource("«Class"), "`class`", "BlogClass"),
    "resource is a parameter": Case(resource("«Body"), "class of that name", "BlogBody"),
    "resource is a variable": Case(resource("«Service"), "variable of the generated", "BlogService"),
    "many called like a variable": Case(post("«rows: <->User"), "variable of the generated", "post_rows"),
    "many called like its own kind": Case(
        post("x: str", "  Tag: {fields: {«tags: '<->Post'}}\n"), "rows of `Tag`", "rename"
    ),
    "resource is a class of the users": Case(resource("«UserRead"), "class of that name", "BlogUserRead"),
    "resource is a module": Case(resource("«Error"), "`errors`", "plural:"),
    "resource is a path": Case(resource("«Doc"), "path of the backend", "plural:"),
    "resource too long": Case(resource("«" + "A" * 41), "41 characters", "at most 40"),
    "resource twice": Case(resource("Post", "  «Post: {}\n"), "there twice: first in line 3", "rename"),
    "plurals clash": Case(resource("Media", "  «Medium: {}\n"), "both be called `media`", "plural"),
    "snake names clash": Case(resource("SKU", "  Sku:\n    plural: «others\n"), "both be called `sku`", "rename"),
    "plural not in snake case": Case(resource("Person", "    plural: «People\n"), "cannot be a plural", "people"),
    "plural reserved": Case(resource("Person", "    plural: «users\n"), "module of the backend", "person_items"),
    "generated classes clash": Case(resource("Post", "  «PostCreate: {}\n"), "class `PostCreate`", "rename"),
    "enum class clashes": Case(post("status: enum(a|b)", "  «PostStatus: {}\n"), "class `PostStatus`", "rename"),
    "enum class of its own": Case(post("«read: enum(a|b)"), "class `PostRead`", "rename"),
    "association table clashes": Case(post("«tags: <->User", "  PostTag: {}\n"), "`post_tags`", "rename the relation"),
    "association columns clash": Case(post("«post: <->Post"), "`post_id`", "related_post"),
    "filters clash": Case(
        post("views_min: int\n      «views: int", "    list: {filter: [views, views_min]}\n"), "`views_min`", "rename"
    ),
    "project with a capital": Case(project("MyShop"), "cannot be the name of a backend", "my-shop"),
    "project as a path": Case(project("../shop"), "cannot be the name of a backend", "shop"),
    "project is a dependency": Case(project("fastapi"), "reserved", "fastapi-backend"),
    "project is a package": Case(project("app"), "reserved", "app-backend"),
    "project is a keyword": Case(project("class"), "reserved", "class-backend"),
    "project too long": Case(project("a" * 41), "41 characters", "at most 40"),
    "role in capitals": Case("name: x\nroles: [«Chief-Editor]\n", "cannot be the name of a role", "chief_editor"),
    "role reserved": Case("name: x\nroles: [«owner]\n", "reserved", "editor"),
    "role twice": Case("name: x\nroles: [editor, «editor]\n", "there twice", "rename"),
    "unknown option": Case("name: x\noptions: [«http]\n", "no option `http`", "use `http-client`"),
    "misspelt option": Case("name: x\noptions: [«oidcc]\n", "no option `oidcc`", "did you mean `oidc`?"),
    "option twice": Case("name: x\noptions: [admin, «admin]\n", "there twice", "leave one"),
    # Versions
    "three versions": Case("name: x\nversions: «3\n", "not possible", "versions: 2"),
    "versions without a number": Case("name: x\nversions: {count: «two}\n", "not possible", "versions: 2"),
    "sunset of the only version": Case(
        "name: x\nversions: {count: 1, sunset: «2027-01-01}\n", "only version", "count: 2"
    ),
    "sunset before": Case(
        "name: x\nversions: {deprecated: 2027-01-01, sunset: «2026-01-01}\n", "before it is deprecated", "later"
    ),
    "no date": Case("name: x\nversions: {sunset: «soon}\n", "not a date", "2026-12-31"),
    "list by a field of one version": Case(
        "name: x\nresources:\n  Post:\n    fields:\n      code: str?@2..\n    list: {search: [«code]}\n",
        "cannot be used",
        "leave",
    ),
    # Soft delete
    "soft delete no bool": Case(resource("Post", "    soft_delete: «yes\n"), "true or false", "`true`"),
    "soft delete and its mark": Case(
        "name: x\nresources: {Post: {soft_delete: true, fields: {«deleted_at: date}}}",
        "marks rows with it",
        "leave it out",
    ),
    # Access
    "access word": Case(access("update: «ownr"), "does not say who", "did you mean `owner`?"),
    "access action": Case(access("«remove: owner"), "no key `remove`", "use `list`"),
    "access for all": Case(post("x: str", "    access: «public\n"), "one word", "name the actions"),
    "public create": Case(access("create: «public"), "may not be public", "authenticated"),
    "public delete": Case(access("delete: «public"), "may not be public", "role:admin"),
    "unknown role": Case(access('update: "role:«edtor"'), "not declared", "did you mean `editor`?"),
    "undeclared role": Case(access("update: role:«boss"), "not declared", "roles: [boss]"),
    "role without prefix": Case(access("update: «editor"), "is a role", "role:editor"),
    "public and more": Case(access("list: [«public, owner]"), "everybody", "list: public"),
    "authenticated and more": Case(access("list: [«owner, authenticated]"), "every logged-in", "list: authenticated"),
    "nobody": Case(access("list: «[]"), "nobody may list", "owner"),
    "access word twice": Case(access("update: [owner, «owner]"), "there twice", "leave one"),
    "owner without a relation": Case(
        post("x: str", "    access: {update: «owner}\n"), "no required relation", "->User"
    ),
    "two owners": Case(post("a: ->User\n      b: ->User", "    access: {update: «owner}\n"), "`a` and `b`", "owner: a"),
    "unknown owner": Case(
        post("author: ->User", "    owner: «autor\n"), "no relation `autor`", "did you mean `author`?"
    ),
    "optional owner": Case(post("author: ->User?", "    owner: «author\n"), "it is optional", "author: ->User"),
    "unique owner": Case(post("author: ->User!", "    owner: «author\n"), "it is unique", "author: ->User"),
    "many owners": Case(post("authors: <->User", "    owner: «authors\n"), "one User", "->User"),
    # List options
    "list option": Case(listing("«fliter: [title]"), "no key `fliter`", "did you mean `filter`?"),
    "filter by nothing": Case(listing("filter: [«titel]"), "no field", "did you mean `title`?"),
    "filter by text": Case(listing("filter: [«body]"), "cannot be used for `filter`", "use `title`"),
    "sort by text": Case(listing("sort: [«body]"), "cannot be used for `sort`", "`created_at`"),
    "search nothing": Case(listing("search: [«created_at]"), "no field", "use `title` or `body`"),
    "sort twice": Case(listing("sort: [title, «title]"), "there twice", "leave one"),
    "sort by nothing": Case(listing("sort: «[]"), "`sort` is empty", "created_at"),
    "default sort": Case(listing("sort: [title], default_sort: -«created_at"), "not among", "title"),
    "page size of nothing": Case(listing("page_size: «0"), "not a page size", "1 to 1000"),
    "page size too great": Case(listing("max_page_size: «1001"), "not a page size", "1 to 1000"),
    "page size beyond the maximum": Case(listing("page_size: «50, max_page_size: 20"), "larger", "max_page_size"),
    # YAML
    "no name": Case("«resources: {}\n", "no name", "name: shop"),
    "unknown key": Case("name: x\n«resource: {}\n", "no key `resource`", "did you mean `resources`?"),
    "unknown key of a resource": Case(resource("Post", "    «acess: {}\n"), "no key `acess`", "`access`"),
    "empty file": Case("«", "is empty", "name: shop"),
    "list at the top": Case("«- name\n", "expected a mapping", "name: shop"),
    "tab": Case("name: x\nresources:\n«\tPost: {}\n", "a tab", "spaces"),
    "shorthand in a flow mapping": Case(post("code: {type: str«?}"), "not YAML", "around a shorthand within `{…}`"),
    "two documents": Case("name: x\n«---\nname: y\n", "second document", "remove `---`"),
    "tag": Case("name: «!!python/name:os.system x\n", "tag", "leave the tag out"),
    "unknown alias": Case("name: «*shop\n", "no anchor", "`&shop`"),
    "alias within itself": Case("name: x\nroles: &a [«*a]\n", "no anchor", "&a"),
    "key that is a list": Case("«[a, b]: c\n", "expected a key", "name: shop"),
    "not printable": Case('name: x\ndescription: "«\\x07"\n', "cannot be printed", "plain text"),
}


SHORTHAND = {
    "no resource": Case("«", "no name", "Post title"),
    "no resource before the fields": Case("«title:str", "name of a resource first", "Post"),
    "no type": Case("Post «title", "is not a field", "name:type"),
    "no type after the colon": Case("Post «title:", "is not a field", "name:type"),
    "unknown type": Case("Post title:«strng", "no type `strng`", "did you mean `str`?"),
    "unclosed parenthesis": Case("Post title:str«(1..2", "never closed", "`)`"),
    "unclosed quote": Case('Post title:str=«"a b', "never closed", '`"`'),
    "bounds": Case("Post title:str(«9..1)", "reversed", "`1..9`"),
    "field twice": Case("Post title:str «title:text", "there twice", "rename"),
    "unknown target": Case("Post author:->«Usr", "no known resource", "did you mean `User`?"),
    "reserved": Case("Post «id:int", "every resource has it", "leave it out"),
    "second of two": Case("Post title:«foo body:bar", "no type `foo`", "use"),
}
