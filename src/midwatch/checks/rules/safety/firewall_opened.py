"""A protection switched off for the whole machine."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(
    r"\b(?P<what>iptables\s+(?:-t\s+\w+\s+)?-F(?!\s+\w)|ufw\s+(?:--force\s+)?(?:disable|reset)|nft\s+flush\s+ruleset|systemctl\s+stop\s+firewalld|setenforce\s+0)\b"
)
EVERYBODY = lazy.pattern(
    r"(?:authorize-security-group-ingress|firewall-rules\s+(?:create|update)|nsg\s+rule\s+(?:create|update))\b"
    r".*?(?P<from>0\.0\.0\.0/0|::/0"
    r"|source-address-prefix(?:es)?[= ][\"']?(?:\*|Internet)(?=[\"'\s]|$))"
)
PUBLIC = lazy.pattern(
    r"(?:--port|FromPort=|--destination-port-ranges?|--allow|tcp:|--rules)[= ]?\S*?\b(?:80|443)\b"
)
"""Ports that are there for everybody."""


TOOLS = ("iptables", "ufw", "nft", "firewalld", "setenforce", "ingress", "firewall", "nsg")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`iptables -F`, `ufw disable`, `setenforce 0`; a port opened to the whole internet."""
    for sentence in sentences.every(subject, *TOOLS):
        found = FAULT.search(sentence.words)
        whole = EVERYBODY.search(sentence.words)
        if whole and not PUBLIC.search(sentence.words):
            yield sentences.hit(
                sentence,
                f"`{whole['from']}` lets the whole internet in, and nothing here closes it again.",
                fix="Name the one address that needs it, and say when the rule is taken out.",
            )
        if found:
            yield sentences.hit(
                sentence, f"`{found['what']}` takes away every rule, not only the one in the way."
            )


RULE = model.Rule(
    id="safety/firewall-opened",
    severity=model.Severity.WARNING,
    summary="A protection switched off for a whole machine, or a port opened to everybody.",
    why="Every port is open, or, where the default is to refuse, nobody gets in any more, you "
    "included. It is rarely switched on again.",
    fix="Change the one rule, and write down what was there: `iptables-save > before`.",
    example=model.Example(
        bad="```bash\niptables -F\n```\n",
        good="```bash\niptables-save > before.rules\niptables -D INPUT -s 10.0.0.9 -j DROP\n```\n",
    ),
    check=check,
)
