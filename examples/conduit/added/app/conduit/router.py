"""The Conduit API over HTTP. Its document is RealWorld's own, so that it is left out of the backend's."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Request

from app.auth.dependencies import ClientDep, CurrentUser, HasherDep, ThrottleDep, bearer, current_principal
from app.conduit import accounts, articles, queries
from app.conduit.errors import ConduitRoute
from app.conduit.schemas import (
    AccountAnswer,
    ArticleAnswer,
    ArticleChanges,
    ArticleFilters,
    ArticleList,
    CommentAnswer,
    CommentList,
    Credentials,
    NewArticle,
    NewComment,
    NewUser,
    PageParams,
    ProfileAnswer,
    TagList,
    UserChanges,
)
from app.dependencies import CacheDep, SessionDep, SettingsDep

router = APIRouter(prefix="/api", route_class=ConduitRoute, include_in_schema=False)

Token = Annotated[str, Depends(bearer)]


async def viewer(session: SessionDep, caller: CurrentUser) -> UUID | None:
    return await accounts.viewer_of(session, caller)


async def viewer_if_any(
    request: Request, session: SessionDep, token: Annotated[str | None, Depends(bearer)]
) -> UUID | None:
    """Return the profile of the caller, if there is a token; one that is not valid is still refused."""
    return await accounts.viewer_of(session, await current_principal(request) if token else None)


Viewer = Annotated[UUID | None, Depends(viewer)]
ViewerIfAny = Annotated[UUID | None, Depends(viewer_if_any)]


@router.post("/users", status_code=201)
async def register(
    user: Annotated[NewUser, Body(embed=True)],
    session: SessionDep,
    hasher: HasherDep,
    settings: SettingsDep,
    client: ClientDep,
    throttle: ThrottleDep,
) -> AccountAnswer:
    await throttle.count("register", account=user.email)
    return await accounts.register(session, hasher, settings, client, user)


@router.post("/users/login")
async def log_in(
    user: Annotated[Credentials, Body(embed=True)],
    session: SessionDep,
    hasher: HasherDep,
    settings: SettingsDep,
    client: ClientDep,
    throttle: ThrottleDep,
) -> AccountAnswer:
    await throttle.count("login", account=user.email)
    return await accounts.log_in(session, hasher, settings, client, user)


@router.get("/user")
async def get_account(session: SessionDep, caller: CurrentUser, token: Token) -> AccountAnswer:
    return await accounts.get_account(session, caller.user_id, token)


@router.put("/user")
async def update_account(
    user: Annotated[UserChanges, Body(embed=True)],
    session: SessionDep,
    cache: CacheDep,
    hasher: HasherDep,
    caller: CurrentUser,
    token: Token,
) -> AccountAnswer:
    await accounts.update_account(session, cache, hasher, caller, user)
    return await accounts.get_account(session, caller.user_id, token)


@router.get("/profiles/{username}")
async def get_profile(username: str, session: SessionDep, viewer: ViewerIfAny) -> ProfileAnswer:
    return await accounts.get_profile(session, username, viewer)


@router.post("/profiles/{username}/follow")
async def follow(username: str, session: SessionDep, viewer: Viewer) -> ProfileAnswer:
    return await accounts.set_following(session, username, viewer, follow=True)


@router.delete("/profiles/{username}/follow")
async def unfollow(username: str, session: SessionDep, viewer: Viewer) -> ProfileAnswer:
    return await accounts.set_following(session, username, viewer, follow=False)


@router.get("/articles")
async def list_articles(
    filters: Annotated[ArticleFilters, Query()], session: SessionDep, viewer: ViewerIfAny
) -> ArticleList:
    return await articles.list_articles(session, viewer, filters, *queries.matching(filters))


@router.get("/articles/feed")
async def list_feed(page: Annotated[PageParams, Query()], session: SessionDep, viewer: Viewer) -> ArticleList:
    return await articles.list_articles(session, viewer, page, articles.feed_of(viewer))


@router.post("/articles", status_code=201)
async def create_article(
    article: Annotated[NewArticle, Body(embed=True)], session: SessionDep, viewer: Viewer
) -> ArticleAnswer:
    return await articles.create_article(session, viewer, article)


@router.get("/articles/{slug}")
async def get_article(slug: str, session: SessionDep, viewer: ViewerIfAny) -> ArticleAnswer:
    return await articles.get_article(session, slug, viewer)


@router.put("/articles/{slug}")
async def update_article(
    slug: str, article: Annotated[ArticleChanges, Body(embed=True)], session: SessionDep, viewer: Viewer
) -> ArticleAnswer:
    return await articles.update_article(session, slug, viewer, article)


@router.delete("/articles/{slug}", status_code=204)
async def delete_article(slug: str, session: SessionDep, viewer: Viewer) -> None:
    await articles.delete_article(session, slug, viewer)


@router.post("/articles/{slug}/favorite")
async def favorite(slug: str, session: SessionDep, viewer: Viewer) -> ArticleAnswer:
    return await articles.set_favorite(session, slug, viewer, favorite=True)


@router.delete("/articles/{slug}/favorite")
async def unfavorite(slug: str, session: SessionDep, viewer: Viewer) -> ArticleAnswer:
    return await articles.set_favorite(session, slug, viewer, favorite=False)


@router.get("/articles/{slug}/comments")
async def list_comments(slug: str, session: SessionDep, viewer: ViewerIfAny) -> CommentList:
    return await articles.list_comments(session, slug, viewer)


@router.post("/articles/{slug}/comments", status_code=201)
async def create_comment(
    slug: str, comment: Annotated[NewComment, Body(embed=True)], session: SessionDep, viewer: Viewer
) -> CommentAnswer:
    return await articles.create_comment(session, slug, viewer, comment)


@router.delete("/articles/{slug}/comments/{number}", status_code=204)
async def delete_comment(slug: str, number: int, session: SessionDep, viewer: Viewer) -> None:
    await articles.delete_comment(session, slug, number, viewer)


@router.get("/tags")
async def list_tags(session: SessionDep) -> TagList:
    return await articles.list_tags(session)
