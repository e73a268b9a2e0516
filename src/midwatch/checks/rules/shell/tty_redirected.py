"""A terminal asked for where the output goes to a file or a pipe."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

RUNS = lazy.pattern(
    r"\b(?:kubectl|oc|k|docker|podman|nerdctl|docker-compose|docker compose)\b[^|;&\n]*?"
    r"\s(?P<verb>exec|run|attach)\s(?P<rest>[^|;&\n]*)"
)
TERMINAL = lazy.pattern(r"\s-(?:it|ti|t|tty|-tty)(?:=true)?(?=\s)")
WITHOUT = lazy.pattern(r"\s(?:-[A-Za-z]*T\b|--no-TTY|--no-tty|-d\b|--detach)")
COMPOSE = lazy.pattern(r"\bdocker-compose\b|\bdocker\s+compose\b")
OUT = lazy.pattern(r"(?<![0-9&<>-])>>?(?!&)\s*(?!/dev/(?:null|tty))\S")
IN = lazy.pattern(r"(?<!<)<(?![<(&])\s*\S")
ERROR, WARNING, INFO = model.Severity.ERROR, model.Severity.WARNING, model.Severity.INFO
DUMPS = lazy.pattern(r"dump|--rdb|backup|\btar\b|\bcat\b|\bexport|gzip|\bbase64\b|\bdd\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`exec -it … > file`, and `docker-compose exec`, which takes a terminal by itself."""
    for sentence in sentences.every(subject, "exec", "run", "attach"):
        for run in RUNS.finditer(sentence.bare):
            if run.group().count("(") > run.group().count(")"):
                continue  # what follows belongs to the `$(…)` inside of it
            asks = asked(sentence.bare, run)
            told = asks and what(sentence, run, asks)
            if told:
                message, fix, severity = told
                made = sentences.hit(sentence, message, fix=fix)
                yield model.Hit(
                    made.line,
                    made.message,
                    fix=made.fix,
                    column=made.column,
                    end_line=made.end_line,
                    severity=severity,
                )


def asked(bare: str, run: re.Match[str]) -> str:
    """What asks for a terminal here; nothing where nothing does."""
    words = f" {run['rest'].partition(' -- ')[0]} "
    compose = COMPOSE.search(bare, run.start(), run.start("verb"))
    if compose:
        return "" if WITHOUT.search(words) else f"`{compose.group()} {run['verb']}`"
    flag = TERMINAL.search(words)
    return f"`{flag.group().strip()}`" if flag else ""


def what(
    sentence: sentences.Sentence, run: re.Match[str], asks: str
) -> tuple[str, str, model.Severity] | None:
    """What the terminal does to this command."""
    after = sentence.bare[run.end() :]
    own = run["rest"]
    compose = "compose" in asks
    fix = "Add `-T`." if compose else "Leave `-t` out; `-i` alone carries what is piped in."
    if IN.search(own):
        return (
            f"{asks} wants a terminal, and its input is a file: “the input device is not a TTY”.",
            fix,
            ERROR,
        )
    if OUT.search(own):
        sure = DUMPS.search(sentence.text)
        message = (
            f"{asks} puts a terminal between the command and the file: line ends change, errors "
            "mix in, and a saved file is spoilt."
        )
        return message, fix, ERROR if sure else WARNING
    if after.lstrip().startswith("|") and not after.lstrip().startswith("||"):
        return (f"{asks} takes a terminal for output that is piped on.", fix, INFO)
    return None


RULE = model.Rule(
    id="shell/tty-redirected",
    severity=model.Severity.ERROR,
    summary="A terminal asked for where the output goes to a file or a pipe.",
    why="A terminal turns line feeds into carriage returns and mixes errors into the output: the "
    "backup is corrupt. From cron there is no terminal, and the command fails.",
    fix="Leave `-t` out, or give `-T` to docker compose.",
    example=model.Example(
        bad="```bash\nkubectl exec -it desk-db-0 -- pg_dump desk > desk.sql\n```\n",
        good="```bash\nkubectl exec desk-db-0 -- pg_dump desk > desk.sql\n```\n",
    ),
    check=check,
    doubt="docker compose v2 notices in newer releases that its output is no terminal.",
)
