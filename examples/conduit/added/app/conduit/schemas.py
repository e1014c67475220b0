"""What the Conduit API takes and gives, in camel case and each in its envelope."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic.alias_generators import to_camel

from app.articles.schemas import Body, Description, Title
from app.auth.passwords import PASSWORD_MAX_LENGTH
from app.auth.schemas import GivenPassword
from app.comments.schemas import Body as CommentBody
from app.fields import Line, NotSent, Text, Timestamp, Url
from app.pagination import MAX_OFFSET
from app.users.schemas import DisplayName, Email

# Eight characters is what the suite asks for; the backend's own registration wants twelve.
NewPassword = Annotated[SecretStr, Field(min_length=8, max_length=PASSWORD_MAX_LENGTH)]
TagName = Annotated[Line, Field(min_length=1, max_length=80)]
Tags = Annotated[list[TagName], Field(max_length=100)]


BlankIsNone = BeforeValidator(lambda value: value or None)
Bio = Annotated[Annotated[Text, Field(max_length=2_000)] | None, BlankIsNone]
Image = Annotated[Url | None, BlankIsNone]


class Camel(BaseModel):
    """A value whose names are in camel case outside."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)


class Credentials(Camel):
    """What a login takes."""

    email: Email
    password: GivenPassword


class NewUser(Camel):
    """What makes an account."""

    username: DisplayName
    email: Email
    password: NewPassword


class UserChanges(Camel):
    """What may change about an account: whatever is sent."""

    username: DisplayName = NotSent
    email: Email = NotSent
    password: NewPassword = NotSent
    bio: Bio = NotSent
    image: Image = NotSent


class Account(Camel):
    """The caller's account, with the token that it was called with."""

    username: str
    email: str
    bio: str | None
    image: str | None
    token: str


class AccountAnswer(Camel):
    """An account in its envelope."""

    user: Account


class Profile(Camel):
    """A user as others see them."""

    username: str
    bio: str | None
    image: str | None
    following: bool


class ProfileAnswer(Camel):
    """A profile in its envelope."""

    profile: Profile


class NewArticle(Camel):
    """What makes an article."""

    title: Title
    description: Description
    body: Body
    tag_list: Annotated[Tags, Field(default_factory=list)]


class ArticleChanges(Camel):
    """What may change about an article: whatever is sent."""

    title: Title = NotSent
    description: Description = NotSent
    body: Body = NotSent
    tag_list: Tags = NotSent


class ListedArticle(Camel):
    """An article as lists show it."""

    slug: str
    title: str
    description: str
    tag_list: list[str]
    created_at: Timestamp
    updated_at: Timestamp
    favorited: bool
    favorites_count: int
    author: Profile


class Article(ListedArticle):
    """An article with all of its text."""

    body: str


class ArticleAnswer(Camel):
    """An article in its envelope."""

    article: Article


class ArticleList(Camel):
    """A page of articles, and how many there are in all."""

    articles: list[ListedArticle]
    articles_count: int


class PageParams(Camel):
    """Which page of a list is wanted."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET)] = 0


class ArticleFilters(PageParams):
    """Which articles are wanted."""

    tag: str | None = None
    author: str | None = None
    favorited: str | None = None


class NewComment(Camel):
    """What makes a comment."""

    body: CommentBody


class Comment(Camel):
    """A comment, as it is shown."""

    id: int
    body: str
    created_at: Timestamp
    updated_at: Timestamp
    author: Profile


class CommentAnswer(Camel):
    """A comment in its envelope."""

    comment: Comment


class CommentList(Camel):
    """The comments on an article."""

    comments: list[Comment]


class TagList(Camel):
    """The names of all tags."""

    tags: list[str]
