"""Where a command must run when that is not here: "Inside pod:", "On DB server"."""

from __future__ import annotations

import re

from midwatch.base import lazy

PLACE = lazy.pattern(
    r"(?:(?:now|then|next|and then)[, ]+)?(?:run (?:this |these |the following )?)?"
    r"(?P<context>(?:inside|within|in|on|from|into)\s+(?:of\s+)?"
    r"(?:(?:the|a|an|your|each|every|any|all|one of the|another"
    r"|new|separate|second|affected|other)\s+){0,2}"
    r"(?P<place>(?:[\w./-]+\s+){0,3}?"
    r"(?:pods?|containers?|servers?|hosts?|machines?|nodes?|vm|vms|instances?|master|brokers?|primary|replicas?|standby|"
    r"terminal|shell|session|psql|mysql|redis-cli|cqlsh|clickhouse-client"
    r"|mongo|mongosh|console|bastion|jumpbox|jump host|"
    r"laptop|workstation|local machine|database prompt|prompt"
    r"|toolbox|ssh session|db|database|cluster node|rails console"
    r"|guest os|guest|operating system)))"
    r"(?P<rest>\s*\([^()]{0,60}\))?(?P<after>\s*[:,.]|\s*$|\s+run\b|\s+execute\b)",
    re.IGNORECASE,
)
CLIENT = lazy.pattern(
    r"(?P<context>(?:inside|within|in)\s+(?:the\s+)?[\w.-]+(?:-client|-cli|-shell|sql|sh))(?P<after>\s*[:,]|\s*$)",
    re.IGNORECASE,
)
HERE = lazy.pattern(
    r"(?:back\s+)?(?:on|from)\s+(?:your\s+)?(?:local(?:ly)?"
    r"|local machine|workstation|laptop|host machine)\b|(?:exit"
    r"|leave) (?:the )?(?:pod|container|shell)",
    re.IGNORECASE,
)


def read(sentence: str) -> str | None:
    """The place that a sentence without marks moves the reader to."""
    text = sentence.strip()
    match = PLACE.match(text) or CLIENT.match(text)
    return match.group("context").lower() if match else None


def is_home(sentence: str) -> bool:
    """Whether a sentence brings the reader back to their own machine."""
    return bool(HERE.match(sentence.strip()))
