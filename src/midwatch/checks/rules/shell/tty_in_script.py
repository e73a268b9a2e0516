"""A terminal asked for in a script, or where a program's output is captured."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences
from midwatch.checks.rules.shell import tty_redirected

CAPTURED = lazy.pattern(r"\$\([^)]*$|`[^`]*$")
SESSION = lazy.pattern(r"(?:--\s+|\s)(?:\S*/)?(?:ba|z|a|da)?sh\s*$")
ONCE = lazy.pattern(
    r"\b(?:cqlsh|psql|mysql|mongosh?|clickhouse-client)\b.*\s(?:-e|-c|--eval|--execute|--command|-q)\b"
    r"|\b(?:nodetool|rabbitmqctl|pg_dump|mysqldump|redis-cli|nginx|cat|ls|df|du|curl|wget|env|ps)\s+\S"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`exec -it` in a script, in `$(…)`, or for a command that asks nothing."""
    for block, lines in sentences.read(subject):
        for sentence in lines:
            for run in tty_redirected.RUNS.finditer(sentence.bare):
                asks = tty_redirected.asked(sentence.bare, run)
                if not asks or SESSION.search(run["rest"].rstrip()) or "compose" in asks:
                    continue
                captured = CAPTURED.search(sentence.bare[: run.start()])
                script = block.role == "script"
                if captured or script:
                    where = "captures the output" if captured else "is a script"
                    yield told(sentence, f"{asks} wants a terminal, and this {where}.", None)
                elif ONCE.search(sentence.text[run.start() : run.end()].replace("\n", " ")):
                    message = f"{asks} wants a terminal for a command that asks nothing."
                    yield told(sentence, message, model.Severity.INFO)


def told(sentence: sentences.Sentence, message: str, severity: model.Severity | None) -> model.Hit:
    """What is told of the line."""
    return model.Hit(
        sentence.line,
        message,
        column=sentence.column,
        end_line=sentence.end_line,
        severity=severity,
    )


RULE = model.Rule(
    id="shell/tty-in-script",
    severity=model.Severity.WARNING,
    summary="A terminal asked for in a script or in `$(…)`.",
    why="From cron or a pipeline there is no terminal: the command fails, or its output carries "
    "carriage returns that no comparison expects.",
    fix="Leave `-t` out: `exec POD -- COMMAND`.",
    example=model.Example(
        bad="```bash\n#!/bin/bash\n# repair.sh\nkubectl exec -it ring-0 -- nodetool repair\n```\n",
        good="```bash\n#!/bin/bash\n# repair.sh\nkubectl exec ring-0 -- nodetool repair\n```\n",
    ),
    check=check,
)
