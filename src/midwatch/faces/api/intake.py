"""Where sources hand in: plain ASGI, because it is what must be fast when everything burns."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette import requests, types

from midwatch.access import decide as access
from midwatch.access import model
from midwatch.app import handing_in, serve_settings, serving
from midwatch.base import errors
from midwatch.faces.api import asker, endpoint, faults
from midwatch.plugs.sources import taken

OWN_AGENT = "midwatch"
"""How our own webhooks name themselves: what comes from one would go around in a circle."""
JSON = (b"content-type", b"application/json")
DENIED = frozenset({401, 403})
PROBLEM = (b"content-type", faults.CONTENT_TYPE.encode())


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What the source gets."""

    body: bytes
    status: int = 200
    kind: tuple[bytes, bytes] = JSON


HandIn: TypeAlias = Callable[[serving.Serving, requests.Request], Awaitable[Answer]]


class Door:
    """An ASGI endpoint that takes one message and answers once it is on disk."""

    def __init__(self, hand_in: HandIn) -> None:
        self._hand_in = hand_in

    async def __call__(self, scope: types.Scope, receive: types.Receive, send: types.Send) -> None:
        """Take the message that comes in."""
        request = requests.Request(scope, receive)
        watch: serving.Serving = scope["app"].state.watch
        try:
            answer = await self._hand_in(watch, request)
        except errors.MidwatchError as error:
            await _tell(watch, request, faults.of(error), send)
            return
        except faults.Fault as fault:
            await _tell(watch, request, fault, send)
            return
        length = str(len(answer.body)).encode()
        headers = [answer.kind, (b"content-length", length)]
        start = {"type": "http.response.start", "status": answer.status, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": answer.body})


async def _tell(
    watch: serving.Serving, request: requests.Request, fault: faults.Fault, send: types.Send
) -> None:
    """Answer with what is wrong; who was turned away at the door is on record."""
    if fault.status in DENIED and watch.intake.turn_away():
        endpoint.note(watch, None, "hand-in", request, fault.status)
    await faults.answer(fault)(request.scope, request.receive, send)


async def webhook(watch: serving.Serving, request: requests.Request) -> Answer:
    """`/intake/SOURCE`: in the language that midwatch.toml says the source speaks."""
    name = request.path_params["source"]
    source = known(watch, name)
    _require(watch, request, source)
    return await _hand_in(watch, request, source, posted=False)


async def alertmanager_api(watch: serving.Serving, request: requests.Request) -> Answer:
    """`/api/v2/alerts`: what Prometheus sends to an Alertmanager."""
    source = of_kind(watch, request, "alertmanager")
    return await _hand_in(watch, request, source, posted=True)


async def _hand_in(
    watch: serving.Serving,
    request: requests.Request,
    source: serve_settings.Source,
    *,
    posted: bool,
) -> Answer:
    _require_foreign(watch, request, source)
    body = await endpoint.body(request, watch.setup.serve.body_limit)
    headers = {} if source.kind in PLAIN else dict(request.headers)
    message = handing_in.Message(source, body, headers, posted=posted)
    return told(await watch.intake.hand_in(message))


PLAIN = frozenset({"alertmanager", "generic", "pagerduty"})
"""Kinds whose headers say nothing."""


def told(found: taken.Taken) -> Answer:
    """How many alerts are on disk; 400 where some of the message could not be taken."""
    if not found.refused and not found.notes:
        return Answer(b'{"accepted": %d}' % len(found.alerts))
    body: dict[str, object] = {"accepted": len(found.alerts)}
    if found.notes:
        body["notes"] = found.notes
    if not found.refused:
        return Answer(json.dumps(body).encode())
    fault = faults.Fault(400, "; ".join(found.refused[:10]))
    shape = json.loads(faults.body(fault))
    whole = {**shape, **body, "refused": len(found.refused)}
    return Answer(json.dumps(whole).encode(), 400, PROBLEM)


def known(watch: serving.Serving, name: str) -> serve_settings.Source:
    """The source of that name; without any in midwatch.toml, they are named by their kind."""
    sources = watch.setup.serve.sources
    if name in sources:
        return sources[name]
    if not sources and name in serve_settings.KINDS:
        return serve_settings.Source(name, name)
    there = ", ".join(sources or serve_settings.KINDS)
    raise errors.NotFoundError(f"There is no source “{name[:80]}” (there are: {there}).")


def of_kind(watch: serving.Serving, request: requests.Request, kind: str) -> serve_settings.Source:
    """The source that a path of some other program stands for: the token's own, or the first."""
    actor = asker.of(watch.setup, request.headers)
    sources = watch.setup.serve.sources
    fitting = [each for each in sources.values() if each.kind == kind]
    if actor.source:
        fitting = [each for each in fitting if each.name == actor.source]
    if not fitting and not actor.source and not sources:
        fitting = [serve_settings.Source(kind, kind)]
    if not fitting:
        raise faults.Fault(403, f"{actor.name} is no source of the kind {kind}.")
    access.require(actor, model.Action.HAND_IN, f"alerts of {fitting[0].name}")
    return fitting[0]


def _require(
    watch: serving.Serving, request: requests.Request, source: serve_settings.Source
) -> None:
    """Refuse whoever may not hand in for the source; a signature counts as a token."""
    if source.signing_secret is not None and source.token is None:
        return
    actor = asker.of(watch.setup, request.headers)
    if actor.source not in {"", source.name}:
        raise errors.DeniedError(f"{actor.name} may not hand in alerts of {source.name}.")
    access.require(actor, model.Action.HAND_IN, f"alerts of {source.name}")


def _require_foreign(
    watch: serving.Serving, request: requests.Request, source: serve_settings.Source
) -> None:
    agent = request.headers.get("user-agent", "")
    if agent.lower().startswith(OWN_AGENT):
        reason = f"it comes from a webhook of Midwatch itself ({agent[:80]}), in a circle"
        watch.intake.refuse(source.name, reason, b"")
        raise faults.Fault(409, f"This is refused: {reason}.", "Point that webhook elsewhere.")
