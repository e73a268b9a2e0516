"""A flag that does nothing for what it is given to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

OTHER = lazy.pattern(r"^[\"']?(?:smtps?|ftps?|telnet|ldaps?|imaps?|pop3s?)://", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`curl -f` for an address that is not HTTP."""
    for found in facts.found(subject, "curl"):
        address = next(filter(OTHER.match, found.command.operands), None)
        if address and facts.has_flag(found.command, "-f", "--fail"):
            scheme = address.strip("\"'").partition(":")[0]
            yield hits.of_command(
                found, f"`-f` only knows the answers of HTTP and does nothing for {scheme}."
            )


RULE = model.Rule(
    id="command/flag-without-effect",
    severity=model.Severity.INFO,
    summary="A flag that does nothing for what it is given to.",
    why="The check looks stricter than it is: a refusing server passes it.",
    fix="Test what the protocol itself answers, such as a login or a message sent.",
    example=model.Example(
        bad="```bash\ncurl -f smtp://mail.parcels.test:587\n```\n",
        good="```bash\nswaks --server mail.parcels.test:587 --quit-after EHLO\n```\n",
    ),
    check=check,
)
