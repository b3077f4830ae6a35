"""What `helm test` looks at: the dashboard, the API behind its nginx, live updates, and posts that get through."""

import json
import os
import time
import urllib.request

from websockets.sync.client import connect

ADDRESS = os.environ["ADDRESS"]


def get(path):
    with urllib.request.urlopen(f"http://{ADDRESS}{path}", timeout=10) as response:
        return response.read().decode()


def total():
    return json.loads(get("/api/stats"))["counts"]["total"]


if os.environ["DASHBOARD"] == "true":
    assert '<div id="root">' in get("/"), "the dashboard's page has no root element"
    print("the dashboard is served")

before = total()
print(f"the API answers: {before} posts are stored")

with connect(f"ws://{ADDRESS}/ws/sentiment", open_timeout=10) as websocket:
    types = [json.loads(websocket.recv(timeout=10))["type"] for _ in range(2)]
assert types == ["hello", "snapshot"], f"a WebSocket client got {types}"
print("WebSocket clients are served")

if os.environ["SIMULATED"] == "true":
    deadline = time.monotonic() + 60
    while total() <= before:
        assert time.monotonic() < deadline, "no post was stored within 60 s: see the worker's log and the backlog"
        time.sleep(1)
    print("new posts are stored")
