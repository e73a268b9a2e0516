"""A real secret in the document itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model

SHAPES = (
    (lazy.pattern(r"\bAKIA(?!IOSFODNN7EXAMPLE|\w*EXAMPLE)[0-9A-Z]{16}\b"), "an AWS access key"),
    (lazy.pattern(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{50,}"), "a GitHub token"),
    (lazy.pattern(r"\bglpat-[\w-]{20,}\b"), "a GitLab token"),
    (lazy.pattern(r"\bxox[baprs]-\d{6,}-[\w-]{10,}"), "a Slack token"),
    (lazy.pattern(r"\bsk_live_[A-Za-z0-9]{16,}"), "a Stripe key"),
    (lazy.pattern(r"\bSG\.[\w-]{20,}\.[\w-]{30,}"), "a SendGrid key"),
    (lazy.pattern(r"-----BEGIN (?:RSA |EC |OPENSSH |DSA )?PRIVATE KEY-----"), "a private key"),
    (lazy.pattern(r"hooks\.slack\.com/services/T(?!0{6})\w{8,}/B\w{8,}/\w{20,}"), "a web hook"),
)  # fmt: skip
LIKELY = lazy.pattern(
    r"AKIA|gh[pousr]_|github_pat_|glpat-|xox[baprs]-|sk_live_|SG\.|PRIVATE KEY|hooks\.slack"
)
NAMED = lazy.pattern(
    r"(?<![\w-])(?:PGPASSWORD|MYSQL_PWD|REDISCLI_AUTH|SSHPASS|"
    r"\w*(?:PASSWORD|PASSWD|SECRET|SECRET_ACCESS_KEY|AUTH_TOKEN|API_?KEY))="
    r"(?P<quote>[\"']?)(?P<value>[^\s\"'$<`{(*=]{8,})(?P=quote)(?=\s|$)"
    r"|\bConvertTo-SecureString\b[^|\n]*[\"'](?P<shown>[^\"'$<]{8,})[\"']"
)
"""A name that holds a secret, and a value for it."""
STEMS = ("pass", "secret", "token", "key", "pwd", "auth")
STRONG = lazy.pattern(r"(?=.*[A-Za-z])(?=.*\d)[!-~]{8,}")
SHOWN = lazy.pattern(
    r"x{3}|\.\.\.|1234|abc|example|sample|dummy|demo|change|replace|placeholder|your|new|"
    r"pass(?:word|wd)|secret|token|redacted|foo|test|generated|value|/",
    re.IGNORECASE,
)
"""What a value says that only stands for one, and what a path says."""
MADE_UP = lazy.pattern(r"x{4}|\.\.\.|1234567|abcdef|EXAMPLE|<|your", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """Text in the shape of a key that is in use somewhere, and a password with its name."""
    yield from issued(subject)
    for block in subject.runbook.blocks:
        for number, line in facts.block_lines(subject, block):
            lowered = line.lower()
            if not any(stem in lowered for stem in STEMS):
                continue
            named = NAMED.search(line)
            value = (named["value"] or named["shown"]) if named else ""
            if named and STRONG.fullmatch(value) and not SHOWN.search(value):
                yield model.Hit(
                    number,
                    "This looks like a password in use, readable by everybody who can read this "
                    "document and its history.",
                    column=named.start() + 1,
                    end_column=named.end() + 1,
                    severity=model.Severity.WARNING,
                )


def issued(subject: model.Subject) -> Iterator[model.Hit]:
    """Keys that tell by their shape who issued them."""
    if not LIKELY.search(subject.text):
        return
    for number, line in enumerate(subject.lines, 1):
        for shape, what in SHAPES:
            found = shape.search(line)
            if found and not MADE_UP.search(found.group()):
                below = subject.line(number + 1)
                shown = f"{line[found.end() :]}\n{below}"
                if what == "a private key" and (not shown.strip() or MADE_UP.search(shown)):
                    continue
                yield model.Hit(
                    number,
                    f"This is {what}, readable by everybody who can read this document and its "
                    "history.",
                    column=found.start() + 1,
                    end_column=found.end() + 1,
                )


RULE = model.Rule(
    id="safety/secret-in-document",
    severity=model.Severity.ERROR,
    summary="A real secret in the document itself.",
    why="It is in the history of the repository for ever, on every laptop and in every backup.",
    fix="Withdraw it where it was issued, make a new one, and say here where to fetch it.",
    example=model.Example(
        bad="```bash\nexport AWS_ACCESS_KEY_ID=AKIA5PQ7ZJ2M4KT3WXYB\n```\n",
        good='```bash\nexport AWS_ACCESS_KEY_ID="$(vault kv get -field=id secret/parcels)"\n```\n',
    ),
    check=check,
)
