"""A script that is called and defined nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, known, model
from midwatch.commands import model as commands

CALL = lazy.pattern(r"^(?:\./|\.\./|[\w.-]+/)?[\w./-]*\.(?:sh|bash|py|rb|pl|ps1)$")
GRAVE = lazy.pattern(
    r"emergenc|disaster|recover|incident|outage|restore|destroy|rotat|security|\bP[01]\b|critical",
    re.IGNORECASE,
)
GETS = lazy.pattern(
    r"\bgit\s+clone\b|\bcurl\b.*-[oO]\b|\bwget\b|\bcd\s+\S|\bunzip\b|\btar\s+-?x"
    r"|\b(?:from|in|inside|within|on)\b[^.\n]{0,60}"
    r"\b(?:repository|repo|checkout|working copy|jump ?host|bastion|toolbox)\b",
    re.IGNORECASE,
)
"""Words and commands that take the reader to where the script is."""
RUNNERS = frozenset({"bash", "sh", "source", ".", "sudo", "exec", "nohup", "time", "watch", "zsh"})


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`./scripts/x.sh`, which neither the document nor its repository holds."""
    defined = {script.name.rsplit("/", 1)[-1] for script in subject.runbook.scripts}
    defined |= {
        step.file_name.rsplit("/", 1)[-1] for _, step in facts.steps(subject) if step.file_name
    }
    defined |= {link.href.rsplit("/", 1)[-1] for link in subject.runbook.links}
    fetched: dict[str, bool] = {}
    told: set[tuple[int, str]] = set()
    for found in facts.found(subject):
        path = called(found.command)
        if found.command.tool not in RUNNERS and known.tool(found.command) is not None:
            continue  # `bin/kafka-topics.sh` comes with Kafka
        if not path or path.rsplit("/", 1)[-1] in defined or (found.outer and not watched(found)):
            continue
        if subject.exists(path) or subject.exists(path.removeprefix("./")):
            continue
        text = fetched.setdefault(
            found.procedure.id, bool(GETS.search(facts.text_of(subject, found.procedure)))
        )
        if not text and (found.procedure.line, path) not in told:
            told.add((found.procedure.line, path))
            yield hit(found, path)


def watched(found: facts.Found) -> bool:
    """Whether it is run by something on this machine."""
    return all(outer.tool in RUNNERS for outer in found.outer)


def called(command: commands.Command) -> str:
    """The path of the script that a command runs, where it is a relative one."""
    words = [word.strip("\"'") for word in facts.words(command)]
    while words and words[0] in RUNNERS:
        words = words[1:]
        while words and words[0].startswith("-"):
            words = words[1:]
    if not words or not CALL.match(words[0]) or words[0].startswith(("/", "../")):
        return ""  # what stands outside of the repository, Midwatch does not see
    return words[0] if "/" in words[0] else ""


def hit(found: facts.Found, path: str) -> model.Hit:
    """What is told of the call; graver where the procedure hangs on it."""
    grave = any(map(GRAVE.search, (*found.procedure.heading_path, path)))
    return hits.of_command(
        found,
        f"`{path}` stands neither in this document nor beside it: what it does, and whether it "
        "exists, cannot be told.",
        severity=model.Severity.WARNING if grave else None,
    )


RULE = model.Rule(
    id="meaning/undefined-script",
    severity=model.Severity.INFO,
    summary="A script that is called and defined nowhere.",
    why="In a disaster the repository may be gone or the script renamed, and the recovery stops at "
    "its first line.",
    fix="Put the script into the repository and link to it, or write its commands here.",
    example=model.Example(
        bad="```bash\n./scripts/restore-desk.sh /vault/today\n```\n",
        good="[restore-desk.sh](scripts/restore-desk.sh) lies in this repository.\n\n"
        "```bash\n./scripts/restore-desk.sh /vault/today\n```\n",
    ),
    check=check,
    doubt="The script may lie in a repository that Midwatch does not see.",
)
