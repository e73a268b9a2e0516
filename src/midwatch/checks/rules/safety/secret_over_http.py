"""A token sent where everybody on the way can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

PLAIN = lazy.pattern(r"\bhttp://(?!localhost|127\.|\[::1\]|0\.0\.0\.0|\$|\{|<)(?P<host>[\w.-]+)")
CARRIES = lazy.pattern(
    r"Authorization\s*:|X-[\w-]*(?:Key|Token)\s*:|\s-u\s+\S+:|\s--user\s+\S+:|PRIVATE-TOKEN|"
    r"[?&](?:token|api_?key|password)=",
    re.IGNORECASE,
)
NEAR = lazy.pattern(
    r"^[\w-]+$|^(?P<service>[a-z][\w-]*)\.(?:(?P=service)|default|monitoring|kube-system)$|"
    r"\.svc(?:\.|$)|\.(?:cluster\.local|internal|local|lan)$|^10\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\."
)
"""What does not leave the cluster or the house, as far as the name tells."""


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """Credentials to an `http://` address that is not this machine."""
    for found in facts.found(subject):
        if found.command.tool not in {"curl", "wget", "http"}:
            continue
        plain = PLAIN.search(found.command.text)
        if plain and CARRIES.search(found.command.text):
            inside = found.outer and found.outer[-1].path[-1:] == ("exec",)
            near = inside or NEAR.search(plain["host"])
            yield hits.of_command(
                found,
                f"The credentials go to `{plain['host']}` unencrypted.",
                severity=model.Severity.INFO if near else None,
            )


RULE = model.Rule(
    id="safety/secret-over-http",
    severity=model.Severity.ERROR,
    summary="Credentials sent over plain http.",
    why="Everybody on the way reads an administrator's token; a redirect to https comes after it "
    "was sent.",
    fix="Write `https://`.",
    example=model.Example(
        bad='```bash\ncurl -H "Authorization: Bearer $TOKEN" http://admin.desk.test/drain\n```\n',
        good='```bash\ncurl -H "Authorization: Bearer $TOKEN" https://admin.desk.test/drain\n```\n',
    ),
    check=check,
)
