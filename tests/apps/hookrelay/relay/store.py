"""
Keeps everything in SQLite, by hand. There are three tables and five queries;
that does not need an ORM.
"""
import json
import os
import sqlite3
import threading
import time

SCHEMA = """
create table if not exists target (
    id integer primary key,
    client text not null,
    url text not null,
    events text not null,
    active integer not null default 1
);
create table if not exists event (
    id integer primary key,
    client text not null,
    type text not null,
    payload text not null,
    received real not null
);
create table if not exists delivery (
    id integer primary key,
    event_id integer not null references event(id),
    target_id integer not null references target(id),
    attempts integer not null default 0,
    status text not null default 'waiting'
);
"""


class Store:
    def __init__(self, path):
        self.lock = threading.Lock()
        self.con = sqlite3.connect(path, check_same_thread=False)
        self.con.row_factory = sqlite3.Row
        self.con.executescript(SCHEMA)

    def rows(self, sql, *args):
        with self.lock:
            return [dict(r) for r in self.con.execute(sql, args)]

    def write(self, sql, *args):
        with self.lock, self.con:
            cur = self.con.execute(sql, args)
            return cur.lastrowid if sql.startswith("insert") else cur.rowcount

    # --- targets

    def add_target(self, client, url, events):
        return self.write(
            "insert into target (client, url, events) values (?, ?, ?)", client, url, json.dumps(events)
        )

    def targets(self, client):
        rows = self.rows("select * from target where client = ? order by id", client)
        for r in rows:
            r["events"] = json.loads(r["events"])
            r["active"] = bool(r["active"])
        return rows

    def drop_target(self, client, target_id):
        return self.write("update target set active = 0 where client = ? and id = ?", client, target_id)

    # --- events

    def add_event(self, client, type, payload):
        event_id = self.write(
            "insert into event (client, type, payload, received) values (?, ?, ?, ?)",
            client, type, json.dumps(payload), time.time(),
        )
        n = 0
        for t in self.targets(client):
            if t["active"] and (type in t["events"] or "*" in t["events"]):
                self.write("insert into delivery (event_id, target_id) values (?, ?)", event_id, t["id"])
                n += 1
        return event_id, n

    def event(self, client, event_id):
        found = self.rows("select * from event where client = ? and id = ?", client, event_id)
        if not found:
            return None
        event = found[0]
        event["payload"] = json.loads(event["payload"])
        event["deliveries"] = self.rows(
            "select target_id, attempts, status from delivery where event_id = ?", event_id
        )
        return event

    def waiting(self, limit):
        return self.rows(
            "select d.id, t.url, e.type, e.payload from delivery d "
            "join target t on t.id = d.target_id join event e on e.id = d.event_id "
            "where d.status = 'waiting' order by d.id limit ?",
            limit,
        )

    def delivered(self, delivery_id, ok, max_attempts):
        self.write("update delivery set attempts = attempts + 1 where id = ?", delivery_id)
        if ok:
            self.write("update delivery set status = 'done' where id = ?", delivery_id)
        else:
            self.write(
                "update delivery set status = 'dead' where id = ? and attempts >= ?", delivery_id, max_attempts
            )


store = Store(os.getenv("RELAY_DB", "relay.db"))
