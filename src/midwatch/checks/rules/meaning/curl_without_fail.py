"""A health check that a failing server passes."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

HEALTH = lazy.pattern(r"/(?:healthz?|ready|readyz|live|livez|ping|status|up)(?:[/?\"'\s]|$)")
SHOWS = ("-f", "--fail", "--fail-with-body", "-w", "--write-out", "-i", "--include", "-I", "--head",
         "-v", "--verbose")  # fmt: skip


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`curl …/health` without `-f`; a request that changes something without it."""
    for found in facts.found(subject, "curl"):
        command = found.command
        if facts.has_flag(command, *SHOWS) or not command.operands or read_on(found):
            continue
        health = HEALTH.search(f"{' '.join(command.operands)} ")
        changes = (facts.flag(command, "-X", "--request") or "").strip("\"'").upper()
        if health:
            text = "An answer of 500 ends this with success; only `-f` makes it fail."
            yield hits.of_command(found, text)
        elif changes in {"POST", "PUT", "DELETE", "PATCH"}:
            text = (
                "When the server refuses this, it still ends with success; only `-f` makes it fail."
            )
            yield hits.of_command(found, text)


def read_on(found: facts.Found) -> bool:
    """Whether another command reads the answer, so that curl's own end decides nothing."""
    whole = found.outer[0] if found.outer else found.command
    after = found.step.text.partition(whole.text)[2].lstrip()
    return after.startswith("|") and not after.startswith("||")


RULE = model.Rule(
    id="meaning/curl-without-fail",
    severity=model.Severity.INFO,
    summary="A request that a failing server passes.",
    why="curl is content with any answer: the health check cannot fail, whatever the server says.",
    fix="Add `-f` (`--fail`), and `--max-time`.",
    example=model.Example(
        bad="```bash\ncurl https://desk.test/health\n```\n",
        good="```bash\ncurl -fsS --max-time 5 https://desk.test/health\n```\n",
    ),
    check=check,
    doubt="A person who reads the answer sees the error.",
)
