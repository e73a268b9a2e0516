"""Messages to send, with what a stranger may write into an alert."""

from __future__ import annotations

import dataclasses
import datetime

from midwatch.incidents import messages

AT = datetime.datetime(2026, 11, 23, 3, 14, tzinfo=datetime.UTC)
INCIDENT = "I1123-0314-k7qm"
PAGE = messages.Message(
    key=f"{INCIDENT}/2/ana/0",
    incident=INCIDENT,
    person="ana",
    channel="slack",
    address="U024BE7LH",
    kind=messages.Kind.PAGE,
    body={
        "title": "Orders wait longer than five minutes",
        "severity": "P1 (Critical)",
        "status": "open",
        "firing": 3,
        "alerts": 4,
        "runbook": "ops/orders.md",
        "procedure": "queue-backlog",
        "why": "level 1 of default: at once",
        "because": "on primary, rotation 1",
        "link": "https://watch.example.org/incidents/I1123-0314-k7qm",
        "lines": ["depth 18 230", "consumers 0"],
    },
    due_at=AT,
)
HOSTILE = dataclasses.replace(
    PAGE,
    body={
        **PAGE.body,
        "title": "Hi\r\nBcc: eve@example.org <!channel> <script>x()</script> \x1b[2J\u202e",
        "why": "a & b < c ``` `rm -rf`",
        "lines": ["``` <@U1> ```"],
    },
)


class Clock:
    """It is always the same time."""

    def now(self) -> datetime.datetime:
        """A quarter past three."""
        return AT

    def monotonic(self) -> float:
        """No time passes."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Nobody sleeps."""
        raise AssertionError(seconds)


CLOCK = Clock()


def to(channel: str, address: str, **changes: object) -> messages.Message:
    """The page, for another channel."""
    fields = {"channel": channel, "address": address, **changes}
    return dataclasses.replace(PAGE, **fields)  # type: ignore[arg-type]


def update(status: str, why: str, **changes: object) -> messages.Message:
    """What follows a page: somebody has it, or it is over."""
    body = {**PAGE.body, "status": status, "why": why}
    made = dataclasses.replace(
        PAGE, key=f"{INCIDENT}/5/ana/update", kind=messages.Kind.UPDATE, body=body
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]
