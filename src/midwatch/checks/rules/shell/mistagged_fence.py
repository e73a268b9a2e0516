"""A block that is marked as shell and is something else."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model, sentences
from midwatch.runbook import model as runbooks

KEY = lazy.pattern(r"^\s*(?:- )?[A-Za-z_][\w.-]*:(?:\s+\S.*)?$")
MARKS = frozenset({"bash", "sh", "shell", "zsh"})
OTHERS = frozenset({"logrotate", "yaml", "ini", "nginx", "toml", "xml"})
YAML = 4
"""So many lines in a row that are YAML and no shell."""


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A fence marked `bash` whose text is YAML or a configuration file."""
    for block in subject.runbook.blocks:
        if block.tag.lower() not in MARKS:
            continue
        if block.language in OTHERS:
            yield hit(block.line, block.end_line, block.tag, block.language)
        elif block.language in facts.SHELLS:
            yield from among_commands(subject, block)


def among_commands(subject: model.Subject, block: runbooks.Block) -> Iterator[model.Hit]:
    """Rows of YAML between commands; below a command they may be what it prints."""
    rows = yaml_rows(subject, block)
    if not rows:
        return
    first, *_, last = [sentence.line for sentence in sentences.of_block(subject, block)]
    printed = rows[0] > first and rows[-1] >= last - 1
    name = "JSON" if '"' in subject.line(rows[0]) else "YAML"
    what = "are what the command prints" if printed else f"are {name}"
    yield model.Hit(
        rows[0],
        f"The lines {rows[0]} to {rows[-1]} {what}, and the block says `{block.tag}`.",
        end_line=rows[-1],
        severity=model.Severity.INFO if printed else None,
    )


def yaml_rows(subject: model.Subject, block: runbooks.Block) -> list[int]:
    """The lines of YAML that stand in the shell block, outside of here-documents and quotes."""
    rows = [
        sentence.line
        for sentence in sentences.of_block(subject, block)
        if KEY.match(sentence.bare) and sentence.line == sentence.end_line
    ]
    return rows if len(rows) >= YAML else []


def hit(first: int, last: int, tag: str, language: str) -> model.Hit:
    """What is told of the block."""
    return model.Hit(
        first,
        f"This is no shell, it reads as {language}; and the block says `{tag}`.",
        end_line=last,
        fix=f"Mark the block ```` ```{language} ````, and give commands a block of their own.",
    )


RULE = model.Rule(
    id="shell/mistagged-fence",
    severity=model.Severity.WARNING,
    summary="A block marked as shell that is something else.",
    why="Pasted into a terminal, each of its lines is tried as a command.",
    fix="Mark the block as what it is, and say into which file it goes.",
    example=model.Example(
        bad="```bash\nreplicas: 2\nimage: sorter:3\nport: 8080\npolicy: Always\n```\n",
        good="```yaml\nreplicas: 2\nimage: sorter:3\nport: 8080\npolicy: Always\n```\n",
    ),
    check=check,
)
