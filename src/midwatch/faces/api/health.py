"""Whether the watch is well: for load balancers, for Prometheus, for whoever watches it."""

from __future__ import annotations

import json

from starlette import requests, responses

from midwatch.access import decide as access
from midwatch.access import model
from midwatch.app import serving, vitals
from midwatch.base import errors
from midwatch.faces.api import asker, exposition, faults


async def alive(_: requests.Request) -> responses.Response:
    """The process answers."""
    return responses.Response(b'{"status": "alive"}', media_type="application/json")


async def ready(request: requests.Request) -> responses.Response:
    """Whether alerts are taken and incidents kept moving; 503 with the reasons where not."""
    watch: serving.Serving = request.app.state.watch
    troubles = await vitals.troubles(watch)
    status = "not ready" if troubles else "ready"
    body = json.dumps({"status": status, "troubles": troubles})
    return responses.Response(body, 503 if troubles else 200, media_type="application/json")


async def metrics(request: requests.Request) -> responses.Response:
    """Everything that is counted, in Prometheus' own format."""
    watch: serving.Serving = request.app.state.watch
    try:
        actor = asker.of(watch.setup, request.headers)
        access.require(actor, model.Action.SEE, "metrics")
        text = exposition.text(await vitals.measured(watch))
    except faults.Fault as fault:
        return faults.answer(fault)
    except errors.MidwatchError as error:
        return faults.answer(faults.of(error))
    return responses.Response(text, media_type=exposition.CONTENT_TYPE)
