"""A PromQL step: what each expression says now, and how it came there in the last hour."""

from __future__ import annotations

import dataclasses
import json
import math
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from midwatch.base import clock, lazy
from midwatch.plugs.steps import (
    ended,
    exchange,
    sparkline,
    tables,
    worker_files,
    worker_output,
)
from midwatch.runs import thresholds

if TYPE_CHECKING:
    import promql_parser
else:
    promql_parser = lazy.module("promql_parser")

CLOCK = clock.SystemClock()
SECONDS = 30.0
HOUR = 3600
POINTS = 60
BARS = 20
SERIES = 20
"""Series that are shown; the rest is counted."""
ANSWER_BYTES = 16_000_000
VERIFY = "verify"


@dataclasses.dataclass(frozen=True, slots=True)
class Series:
    """One series: what tells it apart, its value now, and its values before."""

    labels: Mapping[str, str]
    value: float
    history: tuple[float, ...] = ()


class QueryError(Exception):
    """Prometheus did not answer the query, in its own words."""


def carry_out(request: worker_files.Request, folder: Path, url: str) -> ended.Exit:
    """Ask each expression; where a verification states a threshold, hold the answer to it."""
    seconds = request.seconds or SECONDS
    prometheus = Prometheus(url, min(seconds, SECONDS))
    limits = [found for found in map(thresholds.find, request.expected) if found]
    broken: list[str] = []
    for expression in split("".join(request.pieces)):
        worker_output.say(expression)
        try:
            series = prometheus.ask(expression)
        except QueryError as error:
            worker_output.say(str(error))
            worker_files.mean(folder, str(error))
            return ended.Exit.FAILED
        for line in shown(series):
            worker_output.say(line)
        broken += [sentence for limit in limits for sentence in _against(limit, series)]
    for sentence in broken:
        worker_output.say(sentence)
    if broken and request.phase == VERIFY:
        worker_files.mean(folder, broken[0])
        return ended.Exit.FAILED
    return ended.Exit.DONE


def _against(limit: thresholds.Threshold, series: Sequence[Series]) -> Iterator[str]:
    """One sentence for a threshold that does not hold, and one where there is nothing to hold."""
    if not series:
        yield f"expected {limit.text}, got no series at all"
        return
    wrong = thresholds.broken(limit, [each.value for each in series])
    if wrong:
        worst = max(wrong, key=lambda each: abs(each - limit.number))
        more = f" ({len(wrong)} of {len(series)} series)" if len(series) > 1 else ""
        yield f"expected {limit.text}, got {number(worst)}{more}"


def split(text: str) -> list[str]:
    """The expressions of a text: all of it as one, or else parted at blank lines, or at lines."""
    lines = [line for line in text.splitlines() if not line.strip().startswith("#")]
    whole = "\n".join(lines).strip()
    if not whole:
        return []
    paragraphs = [each.strip() for each in "\n".join(lines).split("\n\n") if each.strip()]
    if _parses(whole):
        return [whole]
    if len(paragraphs) > 1:
        return [part for each in paragraphs for part in split(each)]
    single = [line.strip() for line in lines if line.strip()]
    return single if len(single) > 1 and all(map(_parses, single)) else [whole]


def _parses(text: str) -> bool:
    try:
        promql_parser.parse(text)
    except ValueError:
        return False
    return True


class Prometheus:
    """A Prometheus server, or anything that speaks as one."""

    def __init__(self, url: str, seconds: float) -> None:
        self._url = url.rstrip("/")
        self._seconds = seconds

    def ask(self, expression: str) -> list[Series]:
        """What the expression says now, each series with its last hour."""
        found = self._get("query", {"query": expression})
        kind, result = found["resultType"], found["result"]
        if kind in {"scalar", "string"}:
            return [Series({}, _float(result[1]))]
        if kind == "matrix":
            return [_series(each, each["values"]) for each in result]
        before = self._history(expression)
        return [
            dataclasses.replace(
                _series(each, [each["value"]]), history=before.get(_key(each["metric"]), ())
            )
            for each in result
        ]

    def _history(self, expression: str) -> dict[tuple[tuple[str, str], ...], tuple[float, ...]]:
        end = CLOCK.now().timestamp()
        step = HOUR // POINTS
        limits = {"start": f"{end - HOUR:.0f}", "end": f"{end:.0f}", "step": str(step)}
        try:
            found = self._get("query_range", {"query": expression, **limits})
        except QueryError:
            return {}  # the value now is what was asked for; the way there is only a gift
        return {
            _key(each["metric"]): tuple(_float(value) for _, value in each["values"])
            for each in found["result"]
        }

    def _get(self, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
        body = urllib.parse.urlencode(fields).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        address = f"{self._url}/api/v1/{path}"
        request = exchange.Request("POST", address, headers, body, self._seconds)
        try:
            answer = exchange.send(request, longest=ANSWER_BYTES)
        except (exchange.NotSentError, exchange.NoAnswerError) as error:
            raise QueryError(f"Prometheus cannot be reached: {error}") from error
        try:
            said = json.loads(answer.body)
            if said["status"] == "success":
                data: dict[str, Any] = said["data"]
                return data
            reason = said.get("error", "no reason given")
        except (ValueError, KeyError, TypeError) as error:
            words = f"HTTP {answer.status} {answer.reason}, which is no answer of Prometheus"
            raise QueryError(words) from error
        raise QueryError(f"Prometheus said: {reason}")


def _series(found: Mapping[str, Any], points: Sequence[Sequence[Any]]) -> Series:
    values = tuple(_float(value) for _, value in points)
    return Series(found["metric"], values[-1], values)


def _key(labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(labels.items()))


def _float(text: object) -> float:
    try:
        return float(str(text))
    except ValueError:
        return math.nan


def number(value: float) -> str:
    """A number as a person reads it."""
    if not math.isfinite(value):
        return {math.inf: "+Inf", -math.inf: "-Inf"}.get(value, "NaN")
    if value == int(value) and abs(value) < 1e15:  # noqa: PLR2004  (beyond it floats skip numbers)
        return f"{int(value):,}".replace(",", " ")
    return f"{value:.4g}"


def shown(series: Sequence[Series]) -> Iterator[str]:
    """The series as a table, the greatest first."""
    if not series:
        yield "(no series)"
        return
    ordered = sorted(series, key=lambda each: (math.isnan(each.value), -each.value))[:SERIES]
    rows = [
        (_labels(each.labels, series), number(each.value), sparkline.of(each.history, BARS))
        for each in ordered
    ]
    yield from tables.lines(("series", "now", "the last hour"), rows)
    rest = len(series) - len(ordered)
    yield f"({len(series)} series{f', {rest} of them not shown' if rest else ''})"


def _labels(labels: Mapping[str, str], all_series: Sequence[Series]) -> str:
    """What tells this series from the others; what all have in common only where there is one."""
    common = {
        name for name, value in labels.items()
        if len(all_series) > 1 and all(each.labels.get(name) == value for each in all_series)
    }  # fmt: skip
    own = [f"{name}={value}" for name, value in labels.items() if name not in common]
    return " ".join(own) or "value"


def by_hand(url: str) -> str:
    """Why a person asks Prometheus; nothing where Midwatch can."""
    if url.startswith(("http://", "https://")):
        return ""
    return "The target's prometheus is no http:// or https:// URL: a person runs the query."
