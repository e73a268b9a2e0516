"""Newsletter's HTTP API. There is no login: the lab listens on loopback only."""

from __future__ import annotations

import errno
import json
import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import dramatiq
import prometheus_client
import psycopg
from minio.error import MinioException, S3Error
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from urllib3.exceptions import HTTPError

import redis
from newsletter import campaigns, health, jobs, metrics, sending, settings, traffic
from newsletter.database import Row, Session
from newsletter.services import Services, connect

log = logging.getLogger("newsletter.api")
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
GIF += b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
PREVIEW_SECONDS = 600
PREVIEW_CACHED = 65536

Job = dramatiq.Message[Any]
Handler = Callable[[Request], Awaitable[Response]]


class Api:
    """The handlers; the blocking part of each runs in a thread."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.previews: dict[str, str] = {}

    async def health(self, _request: Request) -> Response:
        """Every part and its state; 503 when one does not work."""
        parts = await run_in_threadpool(health.parts, self.services)
        is_well = not any(part.reason for part in parts)
        body = {
            "status": "ok" if is_well else "failing",
            "version": self.services.settings.version,
            "parts": {part.name: part.reason or "ok" for part in parts},
        }
        return JSONResponse(body, status_code=200 if is_well else 503)

    async def live(self, _request: Request) -> Response:
        """That this process answers at all."""
        return PlainTextResponse("alive")

    async def metrics(self, _request: Request) -> Response:
        """For Prometheus."""
        text = await run_in_threadpool(prometheus_client.generate_latest)
        return Response(text, media_type=prometheus_client.CONTENT_TYPE_LATEST)

    async def add_tenant(self, request: Request) -> Response:
        """A new tenant."""
        name = str((await body(request))["name"])
        return await self._stored(lambda session: {"id": campaigns.add_tenant(session, name)}, 201)

    async def add_subscribers(self, request: Request) -> Response:
        """Subscribers, as many as you like at once."""
        tenant, addresses = number(request, "tenant"), (await body(request))["addresses"]
        return await self._stored(
            lambda session: {"added": campaigns.add_subscribers(session, tenant, addresses)}, 201
        )

    async def subscribers(self, request: Request) -> Response:
        """The first subscribers of a tenant."""
        tenant = number(request, "tenant")
        return await self._stored(lambda session: campaigns.subscribers(session, tenant))

    async def add_campaign(self, request: Request) -> Response:
        """A new campaign."""
        tenant, given = number(request, "tenant"), await body(request)
        subject, template = str(given["subject"]), str(given["template"])
        return await self._stored(
            lambda session: {"id": campaigns.add_campaign(session, tenant, subject, template)}, 201
        )

    async def dashboard(self, request: Request) -> Response:
        """The latest campaigns of a tenant."""
        tenant = number(request, "tenant")
        return await self._stored(lambda session: campaigns.dashboard(session, tenant))

    async def campaign(self, request: Request) -> Response:
        """One campaign and how far it has got."""
        return await self._stored(lambda session: known(session, number(request, "campaign")))

    async def send(self, request: Request) -> Response:
        """Send a campaign to all active subscribers."""
        campaign = number(request, "campaign")
        await self._stored(lambda session: known(session, campaign))
        return await self._queued(lambda: jobs.prepare_campaign.send(campaign))

    async def test(self, request: Request) -> Response:
        """Send a campaign to one address, to look at."""
        campaign, to = number(request, "campaign"), str((await body(request))["to"])

        def ask() -> Job:
            with self.services.database.session() as session:
                row = known(session, campaign)
            key = str(uuid.uuid4())
            return jobs.send_test.send(key, to, row["subject"], row["template"])

        return await self._queued(ask)

    async def ask_insight(self, request: Request) -> Response:
        """Ask for the best time of a campaign."""
        campaign, given = number(request, "campaign"), await body(request)
        seconds = float(given.get("bucket_seconds", 3600))
        return await self._queued(lambda: jobs.make_insight.send(campaign, seconds))

    async def insight(self, request: Request) -> Response:
        """The best time of a campaign."""
        campaign = number(request, "campaign")
        return await self._stored(lambda session: campaigns.insight(session, campaign) or {})

    async def preview(self, request: Request) -> Response:
        """A template as a reader would see it.

        Every one is kept, for ever: a known weakness, which the fault `memory-leak` uses.
        """
        template = str((await body(request))["template"])
        text = sending.render(template, "reader@readers.example", "https://newsletter.example")
        self.previews[template] = text
        if len(text) <= PREVIEW_CACHED:
            await run_in_threadpool(
                self.services.cache.set, f"cache:preview:{uuid.uuid4()}", text, ex=PREVIEW_SECONDS
            )
        return PlainTextResponse(text)

    async def upload(self, request: Request) -> Response:
        """Keep a file for a tenant."""
        name = f"{number(request, 'tenant')}/{request.path_params['name']}"
        content = [chunk async for chunk in request.stream()]

        def keep() -> None:
            path = self.services.spool.receive(content)
            try:
                self.services.store.put_file(name, path)
            finally:
                path.unlink(missing_ok=True)

        await run_in_threadpool(keep)
        return JSONResponse({"name": name}, status_code=201)

    async def download(self, request: Request) -> Response:
        """A tenant's file."""
        name = f"{number(request, 'tenant')}/{request.path_params['name']}"
        return Response(await run_in_threadpool(self.services.store.get, name))

    async def opened(self, request: Request) -> Response:
        """A reader opened a mail."""
        token = request.path_params["token"]
        await self._stored(lambda session: {"known": campaigns.track(session, token, "open")})
        return Response(GIF, media_type="image/gif")

    async def clicked(self, request: Request) -> Response:
        """A reader clicked a link; only links to ourselves are followed."""
        token = request.path_params["token"]
        await self._stored(lambda session: {"known": campaigns.track(session, token, "click")})
        return RedirectResponse(self.services.settings.public_url)

    async def mail_event(self, request: Request) -> Response:
        """The mail provider tells of a bounce."""
        given = await body(request)
        if given.get("type") != "email.bounced":
            return JSONResponse({"known": False})
        name = str(given["data"]["email_id"])

        def note() -> bool:
            with self.services.database.session() as session:
                return campaigns.bounced(session, name)

        is_known = await run_in_threadpool(note)
        log.warning("bounce: %s", name)
        return JSONResponse({"known": is_known}, status_code=200 if is_known else 404)

    async def _stored(self, work: Callable[[Session], object], status: int = 200) -> Response:
        def within() -> object:
            with self.services.database.session() as session:
                return work(session)

        return JSONResponse(await run_in_threadpool(within), status_code=status)

    async def _queued(self, work: Callable[[], Job]) -> Response:
        message = await run_in_threadpool(work)
        return JSONResponse({"job": message.message_id}, status_code=202)


def known(session: Session, campaign: int) -> Row:
    """A campaign, or 404."""
    row = campaigns.find(session, campaign)
    if row is None:
        raise HTTPException(404, f"There is no campaign {campaign}.")
    return row


def number(request: Request, name: str) -> int:
    """A number from the path."""
    return int(request.path_params[name])


async def body(request: Request) -> dict[str, Any]:
    """A JSON object, or 400."""
    try:
        given = await request.json()
    except json.JSONDecodeError as error:
        raise HTTPException(400, "The body must be JSON.") from error
    if not isinstance(given, dict):
        raise HTTPException(400, "The body must be a JSON object.")
    return given


async def not_given(_request: Request, error: Exception) -> Response:
    """Something the body must hold is missing, or not what it should be."""
    return JSONResponse({"error": f"missing or wrong: {error}"}, status_code=400)


async def not_stored(request: Request, error: Exception) -> Response:
    """The store answered: there is no such file, or it does not want us."""
    if isinstance(error, S3Error) and error.code == "NoSuchKey":
        return JSONResponse({"error": "There is no such file."}, status_code=404)
    return await not_available(request, error)


async def not_available(request: Request, error: Exception) -> Response:
    """A server behind us does not work: say so, log it, and answer soon."""
    is_full = isinstance(error, OSError) and error.errno == errno.ENOSPC
    reason = f"{type(error).__name__}: {error}".strip().splitlines()[0]
    log.error("ERROR %s %s: %s", request.method, request.url.path, reason)
    return JSONResponse({"error": reason}, status_code=507 if is_full else 503)


def application(services: Services) -> Starlette:
    """The API for these services."""
    api = Api(services)
    troubles = (psycopg.Error, redis.RedisError, HTTPError, OSError)
    return Starlette(
        routes=routes(api),
        middleware=[Middleware(traffic.Traffic)],
        exception_handlers=dict.fromkeys(troubles, not_available)
        | {MinioException: not_stored, KeyError: not_given, ValueError: not_given},
    )


def routes(api: Api) -> list[Route]:
    """Every address."""

    def get(path: str, handler: Handler) -> Route:
        return Route(path, handler, methods=["GET"])

    def post(path: str, handler: Handler) -> Route:
        return Route(path, handler, methods=["POST"])

    tenant, campaign = "/api/tenants/{tenant:int}", "/api/campaigns/{campaign:int}"
    return [
        get("/api/health", api.health),
        get("/api/health/live", api.live),
        get("/metrics", api.metrics),
        post("/api/tenants", api.add_tenant),
        get(f"{tenant}/subscribers", api.subscribers),
        post(f"{tenant}/subscribers", api.add_subscribers),
        get(f"{tenant}/campaigns", api.dashboard),
        post(f"{tenant}/campaigns", api.add_campaign),
        get(campaign, api.campaign),
        post(f"{campaign}/send", api.send),
        post(f"{campaign}/test", api.test),
        get(f"{campaign}/insights", api.insight),
        post(f"{campaign}/insights", api.ask_insight),
        post("/api/previews", api.preview),
        Route(f"{tenant}/files/{{name}}", api.upload, methods=["PUT"]),
        get(f"{tenant}/files/{{name}}", api.download),
        get("/t/{token}/open.gif", api.opened),
        get("/t/{token}/click", api.clicked),
        post("/api/webhooks/mail", api.mail_event),
    ]


def create() -> Starlette:
    """What uvicorn starts."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    services = connect(settings.load())
    prometheus_client.REGISTRY.register(metrics.Current(services))
    return application(services)
