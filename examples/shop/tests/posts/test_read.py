"""Reading posts, one at a time."""

from uuid import uuid4

from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.posts.models import Post
from app.users.models import User
from tests.conftest import CountStatements
from tests.factories.posts import make_post
from tests.factories.tags import make_tag

URL = "/api/v1/posts"


async def test_the_answer_has_its_version_as_etag(reader: AsyncClient, existing: Post) -> None:
    response = await reader.get(f"{URL}/{existing.id}")
    assert response.status_code == 200
    assert response.headers["ETag"].startswith(f'"{response.json()["version"]}-')


async def test_a_client_with_the_current_version_gets_no_body(reader: AsyncClient, existing: Post) -> None:
    first = await reader.get(f"{URL}/{existing.id}")
    again = await reader.get(f"{URL}/{existing.id}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


async def test_an_unknown_id_is_not_found(reader: AsyncClient) -> None:
    response = await reader.get(f"{URL}/{uuid4()}")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


async def test_more_references_need_no_more_statements(
    reader: AsyncClient, session: AsyncSession, count_statements: CountStatements, owner: User
) -> None:
    counts = []
    for size in (3, 12):
        row = await make_post(session, author_id=owner.id, tags=[await make_tag(session) for _ in range(size)])
        with count_statements() as counter:
            answer = (await reader.get(f"{URL}/{row.id}")).json()
        assert len(answer["tags"]) == size
        counts.append(counter.count)
    assert counts[0] == counts[1]
