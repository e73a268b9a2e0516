"""What can be carried out beside shell on a target, as far as a plan must know."""

from __future__ import annotations

from typing import Protocol

from midwatch.base import shape
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks


@shape.frozen
class Known:
    """What is known of a step once its words are final."""

    judgement: commands.Judgement | None = None
    """What it does, where the target says more than the document did."""
    cautions: tuple[str, ...] = ()
    look_first: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()


class Outside(Protocol):
    """What a target has to offer: databases, a Prometheus, an address, a cluster, time."""

    def takes(self, step: runbooks.Step) -> bool:
        """Whether a step of shell is better carried out here, such as a plain `sleep`."""

    def by_hand(self, step: runbooks.Step) -> str:
        """Why a person carries it out; nothing where Midwatch does."""

    def known(self, step: runbooks.Step, text: str) -> Known:
        """What is known of the step with its values in it."""


NOT_HERE = {
    runbooks.Kind.SQL: "A person runs it in the database: the target names none (sql = …).",
    runbooks.Kind.PROMQL: "A person runs the query: the target names no prometheus.",
    runbooks.Kind.HTTP: "A person sends this request: the target names no http address.",
    runbooks.Kind.MANIFEST: "A person applies a manifest: `kubectl diff -f`, then `apply -f`.",
    runbooks.Kind.WAIT: "A person waits for this.",
}
"""The kinds that are carried out beside shell, and what is said where a target has nothing."""


@shape.frozen
class Nothing:
    """A target that says nothing of itself."""

    def takes(self, _: runbooks.Step) -> bool:
        """Shell stays shell."""
        return False

    def by_hand(self, step: runbooks.Step) -> str:
        """A person does all of it."""
        return NOT_HERE.get(step.kind, "")

    def known(self, _: runbooks.Step, __: str) -> Known:
        """Nothing more than the document says."""
        return Known()
