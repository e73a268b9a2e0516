"""A look at a PromQL condition: each series that it keeps is something bad.

https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from midwatch.alerts import probes
from midwatch.base import lazy
from midwatch.plugs.probes import http

if TYPE_CHECKING:
    import httpx
else:
    httpx = lazy.module("httpx")

SECONDS = 10.0
SERIES = 1000
"""More series than this are told as that many, not one by one."""


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """A query that keeps only what is bad, and the Prometheus that answers it."""

    url: str
    query: str
    severity: str = ""


def look(condition: Condition) -> probes.Look:
    """Ask once; a Prometheus that does not answer leaves us blind."""
    try:
        answer = httpx.get(
            f"{condition.url}/api/v1/query",
            params={"query": condition.query},
            timeout=SECONDS,
        )
        body = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        reason = http.reason(error)
        return probes.Blind(f"Prometheus at {condition.url} does not answer: {reason}")
    if not isinstance(body, dict) or body.get("status") != "success":
        said = body.get("error", "no reason given") if isinstance(body, dict) else "no JSON object"
        return probes.Blind(f"Prometheus at {condition.url} cannot answer: {said}")
    return _judge(condition, body.get("data"))


def _judge(condition: Condition, data: Any) -> probes.Look:  # noqa: ANN401  (whatever JSON holds)
    if not isinstance(data, dict) or data.get("resultType") != "vector":
        return probes.Blind(f"{condition.query} is no condition on series")
    series = [each for each in data.get("result", []) if isinstance(each, dict)]
    if not series:
        return probes.Good()
    if len(series) > SERIES:
        return probes.Bad(said=f"{len(series)} series meet {condition.query}")
    found = tuple(_labels(each) for each in series)
    return probes.Bad(found, said=f"{condition.query} holds")


def _labels(series: dict[str, Any]) -> dict[str, str]:
    metric = series.get("metric", {})
    return {str(name): str(value) for name, value in metric.items() if name != "__name__"}
