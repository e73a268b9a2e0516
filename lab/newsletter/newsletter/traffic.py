"""What happens to every request: it is counted, and refused while memory is nearly full."""

from __future__ import annotations

import logging
import time

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter import health, metrics

ALWAYS = ("/api/health", "/metrics")
log = logging.getLogger("newsletter.traffic")


class Traffic:
    """Pure ASGI, so that a streamed upload stays a stream."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or refuse it; count it either way."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), [500]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
            await send(message)

        try:
            await self._answer(scope, receive, sending)
        finally:
            seconds = time.monotonic() - began
            route = getattr(scope.get("route"), "path", "other")
            metrics.REQUESTS.labels(route, status[0]).inc()
            metrics.SECONDS.labels(route).observe(seconds)
            if seconds > 1:
                log.warning("slow request: %s took %.1f s", Request(scope).url.path, seconds)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(ALWAYS) and health.is_memory_full():
            log.error("request refused: memory is nearly full")
            refusal = JSONResponse({"error": "memory is nearly full"}, status_code=503)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
