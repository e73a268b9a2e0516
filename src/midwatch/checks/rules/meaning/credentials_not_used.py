"""The aws tool for another store, and credentials it does not read."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

OTHER = lazy.pattern(
    r"\b(?P<name>(?!AWS_)[A-Z][A-Z0-9]*_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|ACCESS_KEY))\b"
)
GIVEN = lazy.pattern(r"AWS_ACCESS_KEY_ID|AWS_PROFILE|--profile\b|aws configure|\.aws/credentials")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`aws s3 --endpoint-url …` where the document only has keys of another name."""
    elsewhere = [
        found
        for found in facts.found(subject, "aws")
        if facts.has_flag(found.command, "--endpoint-url")
    ]
    other = OTHER.search(subject.text) if elsewhere else None
    if not other or GIVEN.search(subject.text):
        return
    yield hits.of_command(
        elsewhere[0],
        f"aws reads `AWS_ACCESS_KEY_ID`, and this document only has `{other['name']}`.",
    )


RULE = model.Rule(
    id="meaning/credentials-not-used",
    severity=model.Severity.WARNING,
    summary="The aws tool with credentials that it does not read.",
    why="The command fails with “Unable to locate credentials”, or uses another account that lies "
    "on the machine.",
    fix="Write `AWS_ACCESS_KEY_ID=$STORE_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY=… aws …`, or name a "
    "profile.",
    example=model.Example(
        bad="Keys: `$VAULT_ACCESS_KEY_ID`.\n\n```bash\n"
        "aws s3 ls s3://parcels --endpoint-url https://store.test\n```\n",
        good="```bash\nAWS_ACCESS_KEY_ID=$VAULT_ACCESS_KEY_ID aws s3 ls s3://parcels "
        "--endpoint-url https://store.test\n```\n",
    ),
    check=check,
)
