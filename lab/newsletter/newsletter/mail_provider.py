"""A stand-in for the mail provider: a Resend-like API that can be told to misbehave.

Like the real one it delivers an idempotency key only once, also when it was restarted.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from newsletter import mail_book

MODES = ("ok", "fail", "throttle", "bounce")
TRIES = 10


@dataclasses.dataclass(slots=True)
class Behaviour:
    """How one route behaves at the moment."""

    mode: str = "ok"
    latency: float = 0.0
    per_second: float = 5.0
    tokens: float = 0.0
    filled_at: float = 0.0

    def is_too_fast(self, now: float) -> bool:
        """Whether a mail more is over the limit."""
        self.tokens = min(self.per_second, self.tokens + (now - self.filled_at) * self.per_second)
        self.filled_at = now
        if self.tokens < 1:
            return True
        self.tokens -= 1
        return False


class Provider:
    """Two routes to the same world, and a book of what was delivered."""

    def __init__(self, api_key: str, webhook: str, book: mail_book.Book) -> None:
        self._api_key = api_key
        self._webhook = webhook
        self._book = book
        self._routes = {"primary": Behaviour(), "standby": Behaviour()}

    def _is_known(self, request: Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self._api_key}"

    async def domains(self, request: Request) -> Response:
        """The harmless question by which people see whether the API works."""
        if not self._is_known(request):
            return refusal(401, "missing_api_key")
        if self._routes[request.path_params["route"]].mode == "fail":
            return refusal(500, "internal_server_error")
        return JSONResponse({"data": [{"name": "newsletter.example", "status": "verified"}]})

    async def send(self, request: Request) -> Response:
        """Deliver a mail, or do what we were told to do instead."""
        if not self._is_known(request):
            return refusal(401, "missing_api_key")
        behaviour = self._routes[request.path_params["route"]]
        await asyncio.sleep(behaviour.latency)
        if behaviour.mode == "fail":
            return refusal(500, "internal_server_error")
        if behaviour.mode == "throttle" and behaviour.is_too_fast(time.monotonic()):
            return refusal(429, "rate_limit_exceeded", {"Retry-After": "1"})
        mail = await request.json()
        if "@" not in mail["to"][0]:
            return refusal(422, "validation_error")
        name, bounce = self._book.deliver(request.headers["Idempotency-Key"], mail["to"][0]), None
        if behaviour.mode == "bounce":
            bounce = BackgroundTask(self._tell_bounce, name)
        return JSONResponse({"id": name}, background=bounce)

    async def _tell_bounce(self, name: str) -> None:
        event = {"type": "email.bounced", "data": {"email_id": name}}
        async with httpx.AsyncClient(timeout=5) as client:
            for attempt in range(TRIES):
                await asyncio.sleep(0.2 * (attempt + 1))
                try:
                    answer = await client.post(self._webhook, json=event)
                except httpx.TransportError:
                    continue
                if answer.is_success:
                    return

    async def behave(self, request: Request) -> Response:
        """For the lab: change how a route behaves."""
        given = await request.json()
        if given.get("mode", "ok") not in MODES:
            return refusal(400, f"mode is one of {', '.join(MODES)}")
        self._routes[request.path_params["route"]] = Behaviour(
            mode=given.get("mode", "ok"),
            latency=float(given.get("latency", 0)),
            per_second=float(given.get("per_second", 5)),
        )
        return JSONResponse(given)

    async def book(self, request: Request) -> Response:
        """For the lab: what was delivered, to whom, how often."""
        if "to" in request.query_params:
            return JSONResponse({"mails": self._book.of(request.query_params["to"])})
        modes = {name: route.mode for name, route in self._routes.items()}
        return JSONResponse({"routes": modes} | self._book.summary())


def refusal(status: int, name: str, headers: dict[str, str] | None = None) -> Response:
    """An error as the provider words it."""
    return JSONResponse({"statusCode": status, "name": name}, status_code=status, headers=headers)


def create() -> Starlette:
    """What uvicorn starts."""
    book = mail_book.Book(Path(os.environ.get("DELIVERED", "/var/lib/mail-provider/delivered")))
    provider = Provider(
        os.environ.get("MAIL_API_KEY", ""),
        os.environ.get("WEBHOOK_URL", "http://gateway:3000/api/webhooks/mail"),
        book,
    )

    @asynccontextmanager
    async def lifespan(_application: Starlette) -> AsyncIterator[None]:
        yield
        book.close()

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/_lab/mails", provider.book, methods=["GET"]),
            Route("/_lab/{route}", provider.behave, methods=["PUT"]),
            Route("/{route}/domains", provider.domains, methods=["GET"]),
            Route("/{route}/emails", provider.send, methods=["POST"]),
        ],
    )
