"""A protection switched off for the whole machine."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(
    r"\b(?P<what>iptables\s+(?:-t\s+\w+\s+)?-F(?!\s+\w)|ufw\s+(?:--force\s+)?(?:disable|reset)|nft\s+flush\s+ruleset|systemctl\s+stop\s+firewalld|setenforce\s+0)\b"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`iptables -F`, `ufw disable`, `setenforce 0`."""
    for sentence in sentences.every(subject, "iptables", "ufw", "nft", "firewalld", "setenforce"):
        found = FAULT.search(sentence.words)
        if found:
            yield sentences.hit(
                sentence, f"`{found['what']}` takes away every rule, not only the one in the way."
            )


RULE = model.Rule(
    id="safety/firewall-opened",
    severity=model.Severity.WARNING,
    summary="A protection switched off for the whole machine.",
    why="Every port is open, or, where the default is to refuse, nobody gets in any more, you "
    "included. It is rarely switched on again.",
    fix="Change the one rule, and write down what was there: `iptables-save > before`.",
    example=model.Example(
        bad="```bash\niptables -F\n```\n",
        good="```bash\niptables-save > before.rules\niptables -D INPUT -s 10.0.0.9 -j DROP\n```\n",
    ),
    check=check,
)
