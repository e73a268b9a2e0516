"""What every call of the API goes through: who asks, what, the use case, the record of it."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from starlette import requests, responses

from midwatch.access import audit, model
from midwatch.app import serving, watching
from midwatch.base import errors
from midwatch.engine.watch import committing
from midwatch.faces.api import asker, call, faults
from midwatch.plugs.sources import document

BODY = 100_000
SECONDS_TO_SEND = 10
METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What the caller gets."""

    body: object
    status: int = 200
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


Work: TypeAlias = Callable[[call.Call, watching.Asking], Answer]
"""Reads the call, asks a use case and renders; runs in a thread that has a store."""
Handler: TypeAlias = Callable[[requests.Request], Awaitable[responses.Response]]


def made(name: str, work: Work) -> Handler:
    """The handler of one kind of call, under the name it has in the audit."""

    async def handle(request: requests.Request) -> responses.Response:
        watch: serving.Serving = request.app.state.watch
        actor: model.Actor | None = None
        try:
            actor = asker.of(watch.setup, request.headers)
            asked = await read(request)
            answer = await watch.desk.ask(lambda where: work(asked, _asking(watch, where, actor)))
            done = responses.Response(
                json.dumps(answer.body, ensure_ascii=False),
                answer.status,
                answer.headers,
                "application/json",
            )
        except errors.MidwatchError as error:
            done = faults.answer(faults.of(error))
        except faults.Fault as fault:
            done = faults.answer(fault)
        note(watch, actor, name, request, done.status_code)
        return done

    return handle


def _asking(watch: serving.Serving, where: Any, actor: model.Actor | None) -> watching.Asking:  # noqa: ANN401
    if actor is None:
        raise errors.BugError("Somebody asks whom nobody knows.")
    return watching.Asking(where, watch.given, actor, watch.ticks.now())


def note(
    watch: serving.Serving,
    actor: model.Actor | None,
    name: str,
    request: requests.Request,
    status: int,
) -> None:
    """Write the call down; nobody waits for it."""
    who = actor.name if actor else "unknown"
    thing = request.url.path
    statement = audit.adding(who, name, thing, str(status), watch.ticks.now())
    watch.committer.leave(committing.Work(also=[statement]))


async def read(request: requests.Request) -> call.Call:
    """The call, whole; a Fault where its body is too large or comes too slowly."""
    given: object = {}
    if request.method in METHODS_WITH_BODY:
        raw = await body(request, BODY)
        given = document.load(raw) if raw.strip() else {}
    if not isinstance(given, dict):
        raise errors.UserError("The body is no JSON object.")
    query = request.query_params
    twice = [key for key in query if len(query.getlist(key)) > 1]
    if twice:
        raise errors.UserError(f"“{twice[0][:80]}” is given twice.")
    return call.Call(request.path_params, dict(query), given)


async def body(request: requests.Request, limit: int) -> bytes:
    """The body; nothing of one that is too large is kept."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:12]) > limit:
        raise too_large(limit)
    if request.headers.get("content-encoding", "identity") != "identity":
        raise faults.Fault(415, "The body is compressed.", "Send it as it is.")
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(SECONDS_TO_SEND):
            more = True
            while more:
                part, more = await _part(request)
                size += len(part)
                if size > limit:
                    raise too_large(limit)
                parts.append(part)
    except TimeoutError as error:
        raise faults.Fault(408, "The body did not come in time.") from error
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def _part(request: requests.Request) -> tuple[bytes, bool]:
    """A part of the body, and whether there is more of it."""
    message = await request.receive()
    if message["type"] == "http.disconnect":
        raise faults.Fault(400, "The body ended too early.")
    return message.get("body", b""), message.get("more_body", False)


def too_large(limit: int) -> faults.Fault:
    """What is told of a body that is too large."""
    return faults.Fault(413, f"The body is larger than {limit} bytes.", "Send fewer at a time.")
