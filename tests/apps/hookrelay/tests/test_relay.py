import os
import unittest

os.environ["RELAY_DB"] = ":memory:"
os.environ["RELAY_CLIENTS"] = "shop:s3cret,crm:other"

import httpx
from fastapi.testclient import TestClient

from relay.main import app
from relay.routes import http_client
from relay.store import store

SHOP = {"X-API-Key": "s3cret"}
CRM = {"X-API-Key": "other"}
CRON = {"X-Internal-Secret": "internal"}


class RelayTest(unittest.TestCase):
    def setUp(self):
        for table in ("delivery", "event", "target"):
            store.write(f"delete from {table}")
        self.client = TestClient(app)

    def tearDown(self):
        app.dependency_overrides.clear()

    def answer(self, status):
        """Targets answer with this status; returns what they were sent."""
        seen = []

        def handler(request):
            seen.append(request)
            return httpx.Response(status)

        app.dependency_overrides[http_client] = lambda: httpx.AsyncClient(transport=httpx.MockTransport(handler))
        return seen

    def target(self, **body):
        r = self.client.post("/v2/targets", json={"url": "http://target.example/in", **body}, headers=SHOP)
        self.assertEqual(r.status_code, 201)
        return r.json()

    def test_version_is_public(self):
        self.assertEqual(self.client.get("/version").status_code, 200)

    def test_key_is_needed(self):
        self.assertEqual(self.client.get("/v2/targets").status_code, 401)
        self.assertEqual(self.client.get("/v2/targets", headers={"X-API-Key": "no"}).status_code, 401)
        self.assertEqual(self.client.get("/v2/event-types").status_code, 401)

    def test_targets_belong_to_clients(self):
        t = self.target()
        self.assertEqual(self.client.get("/v2/targets", headers=CRM).json(), [])
        self.assertEqual(self.client.delete(f"/v2/targets/{t['id']}", headers=CRM).status_code, 404)
        self.assertEqual(self.client.delete(f"/v2/targets/{t['id']}", headers=SHOP).status_code, 204)

    def test_delivery(self):
        self.target(events=["paid"])
        r = self.client.post("/v2/events", json={"type": "paid", "payload": {"order": 7}}, headers=SHOP)
        self.assertEqual(r.json()["deliveries"], 1)
        r2 = self.client.post("/v2/events", json={"type": "viewed"}, headers=SHOP)
        self.assertEqual(r2.json()["deliveries"], 0)

        seen = self.answer(200)
        self.assertEqual(self.client.post("/internal/deliver", headers=CRON).json(), {"sent": 1, "failed": 0})
        self.assertEqual(seen[0].headers["X-Event"], "paid")
        detail = self.client.get(f"/v2/events/{r.json()['event_id']}", headers=SHOP).json()
        self.assertEqual(detail["deliveries"][0]["status"], "done")

    def test_gives_up(self):
        self.target()
        self.client.post("/v2/events", json={"type": "paid"}, headers=SHOP)
        for _ in range(5):
            self.answer(500)
            self.client.post("/internal/deliver", headers=CRON)
        self.assertEqual(self.client.get("/internal/queue", headers=CRON).json(), {"waiting": 0})

    def test_internal_is_internal(self):
        self.assertEqual(self.client.get("/internal/queue").status_code, 403)
        self.assertEqual(self.client.get("/internal/queue", headers=SHOP).status_code, 403)


if __name__ == "__main__":
    unittest.main()
