from fastapi import APIRouter, HTTPException, Response, status
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from conferly.accounts.models import Account, ApiToken, Role
from conferly.accounts.schemas import AccountCreate, AccountRead, Credentials, RoleChange, TokenRead
from conferly.accounts.security import Admin, CurrentAccount, hasher, matches, new_token
from conferly.database import DbSession

router = APIRouter(prefix="/accounts", tags=["accounts"])


@router.post("", status_code=status.HTTP_201_CREATED)
async def register(body: AccountCreate, session: DbSession) -> AccountRead:
    first = await session.scalar(select(func.count(Account.id))) == 0
    account = Account(
        email=body.email.lower(),
        name=body.name,
        password=hasher.hash(body.password),
        role=Role.admin if first else Role.attendee,
    )
    session.add(account)
    try:
        await session.commit()
    except IntegrityError as error:
        raise HTTPException(status.HTTP_409_CONFLICT, "There is an account with this address") from error
    return AccountRead.model_validate(account)


@router.post("/tokens", status_code=status.HTTP_201_CREATED)
async def log_in(body: Credentials, session: DbSession) -> TokenRead:
    account = await session.scalar(select(Account).where(Account.email == body.email.lower()))
    if account is None or not matches(account.password, body.password):
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "Wrong address or password")
    token, token_digest = new_token()
    session.add(ApiToken(digest=token_digest, account_id=account.id))
    await session.commit()
    return TokenRead(token=token)


@router.get("/me", response_model=AccountRead)
async def who_am_i(account: CurrentAccount) -> Account:
    return account


@router.delete("/tokens", status_code=status.HTTP_204_NO_CONTENT)
async def log_out_everywhere(account: CurrentAccount, session: DbSession) -> Response:
    for token in await account.awaitable_attrs.tokens:
        await session.delete(token)
    await session.commit()
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.get("", response_model=list[AccountRead])
async def list_accounts(_: Admin, session: DbSession, offset: int = 0, limit: int = 100):
    return (await session.scalars(select(Account).order_by(Account.id).offset(offset).limit(limit))).all()


@router.put("/{account_id}/role", response_model=AccountRead)
async def change_role(account_id: int, body: RoleChange, admin: Admin, session: DbSession):
    account = await session.get(Account, account_id)
    if account is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND)
    if account.id == admin.id:
        raise HTTPException(status.HTTP_409_CONFLICT, "Ask another admin to change your role")
    account.role = body.role
    await session.commit()
    return account
