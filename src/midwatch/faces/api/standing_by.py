"""What is answered while another process keeps the watch: alive, and not to be used."""

from __future__ import annotations

import json

from starlette import responses, types

from midwatch.app import serving
from midwatch.faces.api import faults

WHY = "Another `midwatch serve` keeps the watch; this one stands by."


class Gate:
    """Lets requests through once the watch is taken up; senders come again, or try the other."""

    def __init__(self, app: types.ASGIApp, watch: serving.Serving) -> None:
        self._app = app
        self._watch = watch

    async def __call__(self, scope: types.Scope, receive: types.Receive, send: types.Send) -> None:
        """Take one request."""
        if self._watch.stands_by and scope["type"] == "http":
            await _answer(scope["path"])(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _answer(path: str) -> responses.Response:
    if path == "/health":
        return responses.Response(b'{"status": "standby"}', media_type="application/json")
    retry = {"Retry-After": faults.SOON}
    if path == "/health/ready":
        body = json.dumps({"status": "standby", "troubles": [WHY]})
        return responses.Response(body, 503, retry, media_type="application/json")
    fault = faults.Fault(503, WHY, "Ask the other one, or come again.")
    fault.headers.update(retry)
    return faults.answer(fault)
