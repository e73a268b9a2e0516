"""The page that the link in a page opens: what is known of an incident, and “mine” in one touch."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TypeAlias
from urllib import parse

from starlette import requests, responses

from midwatch.access import decide, model
from midwatch.app import actors, serving, watched_runs, watching
from midwatch.base import errors
from midwatch.faces.api import (
    asker,
    call,
    endpoint,
    faults,
    incident_html,
    run_html,
    runs,
)
from midwatch.incidents import acts

FORM, FIELDS = 10_000, 10
AS = "as"
"""Who takes it, on a watch without tokens: nobody else can say."""
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
Work: TypeAlias = Callable[[watching.Asking], responses.Response]


async def shown(request: requests.Request) -> responses.Response:
    """The incident as a page."""

    def work(asking: watching.Asking) -> responses.Response:
        watch: serving.Serving = request.app.state.watch
        found = watching.show(asking, request.path_params["incident"])
        takers = _takers(watch, asking, found)
        asks = run_html.questions(asking, found)
        page = incident_html.page(found, asking.given.target, asking.now, takers, asks=asks)
        return responses.HTMLResponse(page, headers=HEADERS)

    return await _answered(request, "show-incident", work)


async def acknowledged(request: requests.Request) -> responses.Response:
    """Taken, and back to the page."""

    def work(asking: watching.Asking) -> responses.Response:
        watch: serving.Serving = request.app.state.watch
        _require_own_page(watch, request)
        row = watching.respond(_as(watch, asking, request), request.path_params["incident"], ACK)
        return responses.RedirectResponse(f"../{row.id}", 303, HEADERS)

    return await _answered(request, "acknowledge", work)


ACK = acts.Acknowledge()


async def answered(request: requests.Request) -> responses.Response:
    """What a run asks was answered by a button of the page; back to it."""
    try:
        form = await _form(request)
    except faults.Fault as fault:
        return faults.answer(fault)

    def work(asking: watching.Asking) -> responses.Response:
        watch: serving.Serving = request.app.state.watch
        _require_own_page(watch, request)
        run = request.path_params["run"]
        incident = watching.find(asking, request.path_params["incident"])
        if watched_runs.show(asking, run).incident != incident:
            raise errors.NotFoundError(f"{incident} has no run {run}.")
        watched_runs.answer(asking, run, runs.said(form))
        return responses.RedirectResponse(f"../../../{incident}", 303, HEADERS)

    return await _answered(request, "answer-run", work)


async def _form(request: requests.Request) -> call.Call:
    raw = await endpoint.body(request, FORM)
    try:
        pairs = parse.parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError as error:
        raise faults.Fault(400, "This is no form.") from error
    return call.Call(request.path_params, {}, dict(pairs))


async def _answered(request: requests.Request, name: str, work: Work) -> responses.Response:
    watch: serving.Serving = request.app.state.watch
    actor: model.Actor | None = None
    try:
        actor = _who(watch, request)
        given, now = watch.given, watch.ticks.now()
        known = actor
        done = await watch.desk.ask(lambda where: work(watching.Asking(where, given, known, now)))
    except errors.MidwatchError as error:
        done = faults.answer(faults.of(error))
    except faults.Fault as fault:
        done = faults.answer(fault)
    endpoint.note(watch, actor, name, request, done.status_code)
    return done


def _who(watch: serving.Serving, request: requests.Request) -> model.Actor:
    """Who asks; a browser is told to ask for the token, as a password."""
    try:
        return asker.of(watch.setup, request.headers)
    except faults.Fault as fault:
        if "WWW-Authenticate" in fault.headers:
            fault.headers["WWW-Authenticate"] = 'Basic realm="midwatch: your token as the password"'
        raise


def _require_own_page(watch: serving.Serving, request: requests.Request) -> None:
    """Refuse a form of another site: browsers send a password along with that as well."""
    origin = parse.urlsplit(request.headers.get("origin", "")).netloc
    own = {request.headers.get("host", ""), parse.urlsplit(watch.setup.serve.public_url).netloc}
    if not origin or origin not in own:
        raise faults.Fault(403, "This did not come from the incident's own page.")


def _takers(
    watch: serving.Serving, asking: watching.Asking, found: watching.Shown
) -> tuple[incident_html.Taker, ...]:
    """Who could say “mine” with a touch: whoever asks; without tokens, whoever was paged."""
    here = f"{found.row.id}/acknowledge"
    if not watch.setup.is_open:
        may = decide.allowed(asking.actor.role, model.Action.RESPOND)
        return (incident_html.Taker("I have it", here),) if may else ()
    names = found.state.people or tuple(asking.given.directory.people)
    return tuple(
        incident_html.Taker(f"{name} has it", f"{here}?{parse.urlencode({AS: name})}")
        for name in names
    )


def _as(
    watch: serving.Serving, asking: watching.Asking, request: requests.Request
) -> watching.Asking:
    name = request.query_params.get(AS, "")
    if not watch.setup.is_open or not name:
        return asking
    claimed = model.Actor(actors.name(name), model.Role.RESPONDER, proven=False)
    return dataclasses.replace(asking, actor=claimed)
