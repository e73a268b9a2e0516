"""`/v2/enqueue`: PagerDuty's Events v2, in its own shape, its routing key as the token."""

from __future__ import annotations

import json

from starlette import requests

from midwatch.access import decide as access
from midwatch.access import model, tokens
from midwatch.app import acknowledging, handing_in, serve_settings, serving
from midwatch.base import errors
from midwatch.faces.api import asker, endpoint, faults, intake
from midwatch.plugs.sources import pagerduty, taken

KIND = "pagerduty"
ACCEPTED = 202


async def enqueue(watch: serving.Serving, request: requests.Request) -> intake.Answer:
    """Take an event: a trigger, an acknowledgement, or a resolve."""
    try:
        body = await endpoint.body(request, watch.setup.serve.body_limit)
        event, source = _read(watch, request, body)
        await _take(watch, event, source, body)
    except faults.Fault as fault:
        return _refused(fault)
    except handing_in.TooManyError:
        raise
    except errors.UserError as error:
        return _refused(faults.of(error))
    told = {"status": "success", "message": "Event processed", "dedup_key": event.key}
    return intake.Answer(json.dumps(told).encode(), ACCEPTED)


def _read(
    watch: serving.Serving, request: requests.Request, body: bytes
) -> tuple[pagerduty.Event, serve_settings.Source]:
    try:
        event = pagerduty.event(body)
        return event, _source(watch, request, event)
    except errors.DeniedError:
        raise
    except errors.UserError as error:
        watch.intake.refuse(KIND, error.message, body)
        raise


async def _take(
    watch: serving.Serving, event: pagerduty.Event, source: serve_settings.Source, body: bytes
) -> None:
    if event.action is pagerduty.Action.ACKNOWLEDGE:
        await acknowledging.by_source(watch, source, event.key)
        return
    try:
        alert = pagerduty.alert(event, source.name, watch.ticks.now())
    except errors.UserError as error:
        watch.intake.refuse(source.name, error.message, body)
        raise
    await watch.intake.commit(source, taken.Taken((alert,)), body)


def _source(
    watch: serving.Serving, request: requests.Request, event: pagerduty.Event
) -> serve_settings.Source:
    """The source whose token is the routing key."""
    if watch.setup.is_open:
        return intake.of_kind(watch, request, KIND)
    holder = tokens.holder(watch.setup.tokens, event.routing_key or asker.token(request.headers))
    sources = watch.setup.serve.sources
    source = sources.get(holder.source) if holder else None
    if holder and not sources and access.allowed(holder.role, model.Action.HAND_IN):
        source = serve_settings.Source(KIND, KIND)
    if source is None or source.kind != KIND:
        raise errors.DeniedError("routing_key is not the token of a source of kind pagerduty.")
    return source


def _refused(fault: faults.Fault) -> intake.Answer:
    """PagerDuty's own shape of an error."""
    told = {"status": "invalid event", "message": "Event object is invalid"}
    return intake.Answer(json.dumps({**told, "errors": [fault.detail]}).encode(), fault.status)
