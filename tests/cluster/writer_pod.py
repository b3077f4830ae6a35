"""Runs in a pod: writes posts through nginx and the API all the while, and some broken entries into the stream.

It prints "post ID" for each post that was taken and "broken ENTRY" for each broken entry. A request that fails is
repeated with the same id. Once there is a file /tmp/stop it prints "repeated COUNT" and leaves.
"""
# ruff: noqa: T201 (what it prints is what it is for)

import json
import os
import time
import urllib.request
import uuid
from http.client import HTTPException
from pathlib import Path

from redis import Redis

redis = Redis.from_url(os.environ["SENTISTREAM_REDIS_URL"], decode_responses=True)
repeated = 0
number = 0
while not Path("/tmp/stop").exists():  # noqa: S108 (the pod's own)
    number += 1
    post = {"id": str(uuid.uuid4()), "content": f"Number {number}: I love how well this goes", "source": "upgrade"}
    request = urllib.request.Request(  # noqa: S310
        os.environ["POSTS_URL"], json.dumps(post).encode(), {"Content-Type": "application/json"}
    )
    while True:
        try:
            urllib.request.urlopen(request, timeout=10).close()  # noqa: S310
            break
        except (OSError, HTTPException):
            repeated += 1
            time.sleep(0.2)
    print("post", post["id"], flush=True)
    if number % 25 == 0:
        print("broken", str(redis.xadd("social_posts_stream", {"source": "upgrade"})), flush=True)
    time.sleep(0.02)
print("repeated", repeated, flush=True)
