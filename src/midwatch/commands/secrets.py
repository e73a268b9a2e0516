"""Secrets that a command prints or puts where others can read them, told by their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from midwatch.base import lazy
from midwatch.commands import model, vocabulary, words

KINDS = "PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?"
NAME = rf"[A-Za-z0-9_]*(?:{KINDS})[A-Za-z0-9_]*"
STORES = "DATABASE|DB|POSTGRES(?:QL)?|PG|MYSQL|MONGO(?:DB)?|REDIS|AMQP|RABBITMQ|BROKER"
ADDRESS = lazy.pattern(
    rf"\$\{{?[A-Za-z0-9_]*(?:(?:{STORES})_(?:URL|URI|DSN)\b|CONNECTION_STRING)", re.IGNORECASE
)
"""Addresses of data stores, which as a rule hold the password."""
IN_ADDRESS = lazy.pattern(r"[a-z][a-z0-9+]*://[^:/@\s]*:[^@/\s]+@")
VARIABLE = lazy.pattern(rf"\$\{{?{NAME}", re.IGNORECASE)
ASSIGNED = lazy.pattern(rf"(?:^|[\s\"'?&-]){NAME}=(?!$|\"\"|'')[^\s]", re.IGNORECASE)
FLAG = lazy.pattern(
    r"--(?:[a-z-]*password|[a-z-]*token|[a-z-]*secret|secret-key|access-key|api-key|passphrase|storepass"
    r"|keypass)=(?!$|/|\$\(cat)[^\s]",
    re.IGNORECASE,
)
BEARER = lazy.pattern(r"Authorization:\s*(?:Bearer|Basic|Token)\s+\S", re.IGNORECASE)
HARMLESS = lazy.pattern(
    r"(?:_FILE|_PATH|_NAME|_DIR|(?<!ACCESS_KEY)_ID|_OCID|_ARN|_REF|_URL|_COUNT)\b"
)
MARKS = frozenset("=$:")
"""One of these stands in every word that names a secret and gives its value."""
QUIET = vocabulary.of("[ test [[ export local declare readonly typeset unset read : set cd")


def revealed(name: str, arguments: Sequence[words.Argument]) -> bool:
    """Whether the words print a secret or put one where the list of processes shows it."""
    if name in QUIET:
        return False
    return any(_reveals(argument.text) for argument in arguments if MARKS & set(argument.text))


def _reveals(text: str) -> bool:
    if ADDRESS.search(text) or IN_ADDRESS.search(text):
        return True
    for pattern in (VARIABLE, ASSIGNED, FLAG, BEARER):
        match = pattern.search(text)
        if match and not HARMLESS.search(match[0]):
            return True
    return False


TRAIT = frozenset({model.Trait.REVEALS_SECRET})
