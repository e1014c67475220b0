from typing import List

import httpx
from fastapi import APIRouter, Depends, HTTPException, Path, Query

from relay import config
from relay.auth import verify_api_key
from relay.models import Accepted, EventDetail, EventIn, Target, TargetIn
from relay.store import store

public = APIRouter()
clients = APIRouter(prefix="/v2", dependencies=[Depends(verify_api_key)])
internal = APIRouter(prefix="/internal", include_in_schema=False)


@public.get("/version")
async def version():
    from relay import __version__

    return {"version": __version__}


@clients.get("/targets", response_model=List[Target])
async def list_targets(client: str = Depends(verify_api_key)):
    return store.targets(client)


@clients.post("/targets", response_model=Target, status_code=201)
async def create_target(target: TargetIn, client: str = Depends(verify_api_key)):
    new = store.add_target(client, str(target.url), target.events)
    return next(t for t in store.targets(client) if t["id"] == new)


@clients.delete("/targets/{target_id}", status_code=204)
async def delete_target(target_id: int, client: str = Depends(verify_api_key)):
    if not store.drop_target(client, target_id):
        raise HTTPException(404, "no such target")


@clients.post("/events", response_model=Accepted, status_code=202)
async def receive_event(event: EventIn, client: str = Depends(verify_api_key)):
    event_id, n = store.add_event(client, event.type, event.payload)
    return Accepted(event_id=event_id, deliveries=n)


@clients.get("/events/{event_id}", response_model=EventDetail)
async def event_detail(event_id: int = Path(ge=1), client: str = Depends(verify_api_key)):
    found = store.event(client, event_id)
    if not found:
        raise HTTPException(404, "no such event")
    return found


@clients.get("/event-types")
async def event_types() -> List[str]:
    return sorted(r["type"] for r in store.rows("select distinct type from event"))


def http_client():
    return httpx.AsyncClient(timeout=5)


# called every minute by cron
@internal.post("/deliver")
async def deliver(limit: int = Query(50, le=500), http: httpx.AsyncClient = Depends(http_client)):
    sent = failed = 0
    async with http:
        for d in store.waiting(limit):
            try:
                r = await http.post(d["url"], content=d["payload"], headers={"X-Event": d["type"]})
                ok = r.is_success
            except httpx.HTTPError:
                ok = False
            store.delivered(d["id"], ok, config.MAX_ATTEMPTS)
            sent, failed = sent + ok, failed + (not ok)
    return {"sent": sent, "failed": failed}


@internal.get("/queue")
async def queue_length():
    return {"waiting": len(store.waiting(10_000))}
