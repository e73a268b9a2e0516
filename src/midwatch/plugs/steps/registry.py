"""Every kind of step that is no shell: what it needs of a target, and when a person does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from midwatch.base import lazy, shape
from midwatch.runbook import model as runbooks
from midwatch.runs import outside

if TYPE_CHECKING:
    from midwatch.plugs.steps import http, manifest, promql, sql, sql_statements, wait
    from midwatch.plugs.steps.databases import opening
else:
    http = lazy.module("midwatch.plugs.steps.http")
    manifest = lazy.module("midwatch.plugs.steps.manifest")
    promql = lazy.module("midwatch.plugs.steps.promql")
    sql = lazy.module("midwatch.plugs.steps.sql")
    sql_statements = lazy.module("midwatch.plugs.steps.sql_statements")
    wait = lazy.module("midwatch.plugs.steps.wait")
    opening = lazy.module("midwatch.plugs.steps.databases.opening")


@shape.frozen
class Kind:
    """One kind: the key of `[targets.X]` it needs, and what it says of a step."""

    address: str
    by_hand: Callable[[runbooks.Step, str], str]
    known: Callable[[runbooks.Step, str, str], outside.Known]
    """The step, its final text, the address."""
    require: Callable[[str], None] = lambda _: None
    """Raises where the machine has not what the address asks for."""


def _sql_known(_: runbooks.Step, text: str, address: str) -> outside.Known:
    dialect = opening.dialect(address) or "postgres"
    caution = sql_statements.at_once_sentence(text, dialect)
    judgement = sql.judged(text, address)
    only_reads = judgement.effect == "read"
    return outside.Known(
        judgement,
        cautions=(caution,) if caution and not only_reads else (),
        tools=(dialect,),
    )


def _manifest_known(step: runbooks.Step, _: str, address: str) -> outside.Known:
    file = step.file_name or manifest.FILE
    return outside.Known(
        look_first=(manifest.look(address, file),),
        tools=("kubectl apply",),
        touches=(f"what {file} names in {address}",),
    )


def _nothing(_: runbooks.Step, __: str, ___: str) -> outside.Known:
    return outside.Known()


KINDS: Mapping[runbooks.Kind, Kind] = {
    runbooks.Kind.SQL: Kind(
        "sql",
        lambda step, address: sql.by_hand(step.text, address),
        _sql_known,
        lambda address: opening.require(address),  # noqa: PLW0108  (loaded when it is used)
    ),
    runbooks.Kind.PROMQL: Kind("prometheus", lambda _, address: promql.by_hand(address), _nothing),
    runbooks.Kind.HTTP: Kind(
        "http", lambda step, address: http.by_hand(step.text, address), _nothing
    ),
    runbooks.Kind.MANIFEST: Kind(
        "context", lambda step, address: manifest.by_hand(step.text, address), _manifest_known
    ),
    runbooks.Kind.WAIT: Kind("", lambda step, _: wait.by_hand(step.text), _nothing),
}
"""What is carried out beside shell; a new kind is one line here and one case in `worker`."""


def waits(text: str) -> float:
    """How many seconds a wait takes."""
    return wait.seconds(text) or 0.0


def sessions(steps: Sequence[runbooks.Step]) -> frozenset[int]:
    """Blocks in which some SQL only counts together with its neighbours."""
    found = (step for step in steps if step.kind is runbooks.Kind.SQL)
    return frozenset(
        step.fence_line for step in found if sql_statements.needs_session(step.text)
    ) - {0}
