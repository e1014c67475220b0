from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import select

from app.deps import SessionDep, get_current_active_superuser
from app.models import Bench, User
from app.schemas import BenchCreate, BenchPublic

router = APIRouter(prefix="/benches", tags=["benches"])

Superuser = Annotated[User, Depends(get_current_active_superuser)]


@router.get("/", response_model=list[BenchPublic])
def read_benches(session: SessionDep) -> Any:
    return session.exec(select(Bench).order_by(Bench.name)).all()


@router.post("/", response_model=BenchPublic)
def create_bench(session: SessionDep, _: Superuser, bench_in: BenchCreate) -> Any:
    bench = Bench.model_validate(bench_in)
    session.add(bench)
    session.commit()
    session.refresh(bench)
    return bench
