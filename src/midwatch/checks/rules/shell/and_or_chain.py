"""`A && B || C` used as if it were an if."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

CHAIN = lazy.pattern(r"&&(?P<middle>[^;\n]*?)\|\|")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A chain where C also runs when A was fine and B failed."""
    for sentence in sentences.every(subject, "&&"):
        for chain in CHAIN.finditer(sentence.bare):
            yield sentences.hit(
                sentence,
                "What stands after `||` also runs when the middle command fails.",
                at=chain.start(),
                length=len(chain.group()),
            )


RULE = model.Rule(
    id="shell/and-or-chain",
    severity=model.Severity.INFO,
    summary="`A && B || C` used as if it were an if.",
    why="When A is fine and B fails, C runs as well: the healthy service is reported as ill, or "
    "restarted.",
    fix="Write `if A; then B; else C; fi`.",
    example=model.Example(
        bad="```bash\ncurl -sf http://desk/ready && notify.sh up || systemctl restart desk\n```\n",
        good="```bash\nif curl -sf http://desk/ready; then notify.sh up; else "
        "systemctl restart desk; fi\n```\n",
    ),
    check=check,
)
