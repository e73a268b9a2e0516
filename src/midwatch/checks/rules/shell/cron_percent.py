"""A percent sign in a crontab, which ends the command."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model

FAULT = lazy.pattern(r"\s*(?:[\d*/,-]+\s+){5}(?:\w+\s+)?/?[\w./-]+.*?(?<!\\)%")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A crontab line with an unescaped `%`, in whatever block."""
    for block in subject.runbook.blocks:
        for number, line in facts.block_lines(subject, block) if "%" in block.text else ():
            found = FAULT.match(line)
            if found:
                yield model.Hit(
                    number,
                    "cron takes the `%` for the end of the command and gives the rest to it as "
                    "input.",
                    column=found.end(),
                    end_column=found.end() + 1,
                )


RULE = model.Rule(
    id="shell/cron-percent",
    severity=model.Severity.ERROR,
    summary="A percent sign in a crontab, which ends the command.",
    why="The nightly backup has never run as written; cron mails about it to nobody.",
    fix="Write `\\%`, or put the command into a script.",
    example=model.Example(
        bad="```bash\n0 2 * * * pg_dump desk > /vault/desk-$(date +%F).sql\n```\n",
        good="```bash\n0 2 * * * pg_dump desk > /vault/desk-$(date +\\%F).sql\n```\n",
    ),
    check=check,
)
