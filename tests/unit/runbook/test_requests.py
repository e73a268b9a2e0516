"""HTTP blocks: a blank line ends a request's head, and not the request."""

from __future__ import annotations

from midwatch.app import showing

TEXT = """\
# Work

## Mend it

```http
# Retry it
POST /jobs/7/retry HTTP/1.1
Content-Type: application/json

{"reason": "hung"}

GET /jobs/7
```
"""


def test_a_request_keeps_its_body() -> None:
    runbook = showing.compile_all([("RUNBOOK.md", TEXT.encode())])[0]

    steps = [step for procedure in runbook.procedures for step in procedure.steps]

    assert [(step.line, step.title, step.effect.value) for step in steps] == [
        (7, "Retry it", "change"),
        (12, "Mend it", "read"),
    ]
    assert steps[0].text == (
        'POST /jobs/7/retry HTTP/1.1\nContent-Type: application/json\n\n{"reason": "hung"}'
    )
    assert steps[1].text == "GET /jobs/7"
