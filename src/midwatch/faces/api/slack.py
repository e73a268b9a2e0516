"""`/api/v1/slack/interactions`: buttons that people press, believed by Slack's signature alone."""

from __future__ import annotations

import json

from starlette import requests, responses

from midwatch.access import model
from midwatch.app import pressing, serving, watching
from midwatch.base import errors
from midwatch.db import store
from midwatch.faces.api import endpoint, faults
from midwatch.plugs.channels import slack, slack_blocks

NAME = "slack-button"


async def interactions(request: requests.Request) -> responses.Response:
    """A button was pressed; Slack shows the answer to whoever pressed it."""
    watch: serving.Serving = request.app.state.watch
    actor = model.Actor("slack", model.Role.RESPONDER)
    try:
        pressed = await _pressed(watch, request)
        actor = model.Actor(f"slack:{pressed.user}", model.Role.RESPONDER)
        told = await watch.desk.ask(lambda where: _press(watch, where, actor, pressed))
    except errors.UserError as error:
        told = f"{error.message} {error.hint}".strip()
    except errors.MidwatchError as error:
        return faults.answer(faults.of(error))
    except faults.Fault as fault:
        endpoint.note(watch, None, NAME, request, fault.status)
        return faults.answer(fault)
    endpoint.note(watch, actor, NAME, request, 200)
    shown = {"response_type": "ephemeral", "replace_original": False, "text": told}
    return responses.Response(json.dumps(shown), media_type="application/json")


async def _pressed(watch: serving.Serving, request: requests.Request) -> slack_blocks.Pressed:
    secret = watch.setup.slack_secret
    if not secret:
        raise faults.Fault(404, "[channels.slack] has no signing_secret: buttons are not taken.")
    body = await endpoint.body(request, endpoint.BODY)
    now = watch.ticks.now().timestamp()
    if not slack.verify(secret, dict(request.headers), body, now):
        raise faults.Fault(401, "The signature is not Slack's, or it is older than five minutes.")
    pressed = slack.pressed(body)
    if pressed is None:
        raise faults.Fault(400, "This is no button of Midwatch.")
    return pressed


def _press(
    watch: serving.Serving,
    where: store.Store,
    actor: model.Actor,
    pressed: slack_blocks.Pressed,
) -> str:
    asking = watching.Asking(where, watch.given, actor, watch.ticks.now())
    return pressing.press(asking, pressed, watch.given)
