"""The application: every path in one visible place."""

from __future__ import annotations

from starlette import applications, requests, responses, routing

from midwatch.app import serving
from midwatch.faces.api import (
    endpoint,
    events_v2,
    faults,
    health,
    incident_page,
    incidents,
    intake,
    lists,
    openapi,
    runs,
    slack,
    status,
)

API = "/api/v1"
ONE = f"{API}/incidents/{{incident}}"


def made(watch: serving.Serving) -> applications.Starlette:
    """The application of a running watch."""
    app = applications.Starlette(
        routes=routes(),
        exception_handlers={404: faults.of_http, 405: faults.of_http, 500: faults.of_bug},
    )
    app.state.watch = watch
    return app


def routes() -> list[routing.Route]:
    """All of them, the ones that must be fast first."""
    return [*_intake(), *_told(), *_incidents(), *_runs(), *_lists()]


def _intake() -> list[routing.Route]:
    return [
        _door("/intake/{source}", intake.webhook, "POST", "PUT"),
        _door("/api/v2/alerts", intake.alertmanager_api, "POST"),
        _door("/v2/enqueue", events_v2.enqueue, "POST"),
    ]


def _door(path: str, hand_in: intake.HandIn, *methods: str) -> routing.Route:
    return routing.Route(path, intake.Door(hand_in), methods=list(methods))


def _told() -> list[routing.Route]:
    """What a machine asks that watches the watch."""
    return [
        routing.Route("/health", health.alive),
        routing.Route("/health/ready", health.ready),
        routing.Route("/metrics", health.metrics),
        routing.Route("/openapi.json", openapi.document),
        routing.Route("/status", status.for_people),
        routing.Route("/status.json", status.for_programs),
        routing.Route("/incidents/{incident}", incident_page.shown),
        routing.Route(
            "/incidents/{incident}/acknowledge", incident_page.acknowledged, methods=["POST"]
        ),
        routing.Route(
            "/incidents/{incident}/runs/{run}/answer", incident_page.answered, methods=["POST"]
        ),
    ]


def _call(path: str, method: str, name: str, work: endpoint.Work) -> routing.Route:
    return routing.Route(path, endpoint.made(name, work), methods=[method], name=name)


def _calls(path: str, **works: endpoint.Work) -> routing.Route:
    """Several methods of one path."""
    handlers = {method: endpoint.made(work.__name__, work) for method, work in works.items()}

    async def handle(request: requests.Request) -> responses.Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return routing.Route(path, handle, methods=list(works))


def _incidents() -> list[routing.Route]:
    does = incidents.does
    return [
        _call(f"{API}/incidents", "GET", "list-incidents", incidents.listed),
        _call(ONE, "GET", "show-incident", incidents.shown),
        _call(f"{ONE}/acknowledge", "POST", "acknowledge", does(incidents.acknowledge)),
        _call(f"{ONE}/resolve", "POST", "resolve", does(incidents.resolve)),
        _call(f"{ONE}/reopen", "POST", "reopen", does(incidents.reopen)),
        _call(f"{ONE}/assign", "POST", "assign", does(incidents.assign)),
        _call(f"{ONE}/snooze", "POST", "snooze", does(incidents.snooze)),
        _call(f"{ONE}/notes", "POST", "note", does(incidents.note)),
        _call(f"{ONE}/people", "POST", "add-person", does(incidents.add_person)),
        _call(f"{ONE}/roles", "POST", "take-role", does(incidents.take_role)),
        _call(f"{ONE}/tasks", "POST", "add-task", does(incidents.add_task)),
        _call(f"{ONE}/tasks/{{task}}/done", "POST", "finish-task", does(incidents.finish_task)),
        _call(f"{ONE}/severity", "POST", "set-severity", does(incidents.set_severity)),
        _call(f"{ONE}/procedure", "POST", "choose-procedure", does(incidents.choose)),
    ]


def _runs() -> list[routing.Route]:
    one = f"{API}/runs/{{run}}"
    return [
        _call(f"{API}/runs", "GET", "list-runs", runs.listed),
        _call(one, "GET", "show-run", runs.shown),
        _call(f"{one}/answer", "POST", "answer-run", runs.answer),
    ]


def _lists() -> list[routing.Route]:
    return [
        routing.Route(f"{API}/slack/interactions", slack.interactions, methods=["POST"]),
        _calls(f"{API}/silences", GET=lists.silences, POST=lists.silence),
        _call(f"{API}/silences/{{silence}}", "DELETE", "end-silence", lists.end_silence),
        _call(f"{API}/messages", "GET", "list-messages", lists.messages),
        _call(f"{API}/messages/{{message}}/replay", "POST", "replay-message", lists.replay),
        _call(f"{API}/on-call", "GET", "on-call", lists.on_call),
        _call(f"{API}/refusals", "GET", "list-refusals", lists.refusals),
        _call(f"{API}/audit", "GET", "read-audit", lists.audited),
        _call(f"{API}/heartbeats/{{heartbeat}}", "POST", "heartbeat", lists.beat),
    ]
