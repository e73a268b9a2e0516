"""A variable without quotes in a command that removes or overwrites."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

LOSES = lazy.pattern(
    r"(?:^|[\s;&|(])(?P<tool>rm|find|shred|kubectl\s+exec(?:\s+-\w+)*(?=\s+\$)|aws\s+s3\s+sync)\s"
    r"(?P<rest>[^|;&\n]*)"
)
FULL = lazy.pattern(r"[\"']?[\w./~-]+(?:\$\{?\w+\}?|\$\(date[^)]*\)|[\w./~-])*[\"']?\s*(?:#.*)?$")
VARIABLE = lazy.pattern(r"(?<![\"'\w$\\])(?P<text>\$\{?(?P<name>[A-Za-z_]\w*)\}?(?P<tail>/?\S*))")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An unquoted `$DIR` where an empty value means everything."""
    for sentence in sentences.every(subject, "$"):
        for loses in LOSES.finditer(sentence.bare):
            tool = loses["tool"]
            deletes = tool == "rm" or (tool == "find" and "-delete" in loses["rest"])
            if tool == "find" and not deletes and "-exec" not in loses["rest"]:
                continue
            variable = VARIABLE.search(loses["rest"])
            if not variable or filled(subject, variable["name"]):
                continue
            recursive = tool == "rm" and re.search(r"\s-\w*[rR]", f" {loses['rest']}")
            root = bool(recursive) and variable["tail"].startswith("/")
            at = loses.start("rest") + variable.start()
            yield told(sentence, at, variable, tool=tool, root=root)


def filled(subject: model.Subject, name: str) -> bool:
    """Whether the document gives the variable a value that is one word and never empty."""
    given = re.findall(rf"(?m)^\s*(?:export\s+)?{name}=(.*)$", subject.text)
    return bool(given) and all(FULL.match(value) for value in given)


def told(
    sentence: sentences.Sentence, at: int, variable: re.Match[str], *, tool: str, root: bool
) -> model.Hit:
    """What is told of the variable."""
    name = variable["name"]
    message = f"Without quotes, an empty or split `${name}` changes what `{tool}` works on."
    if root:
        message = f"With an empty `${name}` this removes `{variable['tail']}` from the root on."
    made = sentences.hit(
        sentence,
        message,
        at=at,
        length=len(variable["text"]),
        fix=f'Write `"${{{name}:?}}{variable["tail"]}"`: it stops when there is no value.',
    )
    return model.Hit(
        made.line,
        made.message,
        fix=made.fix,
        column=made.column,
        end_line=made.end_line,
        end_column=made.end_column,
        severity=model.Severity.WARNING if root else None,
    )


RULE = model.Rule(
    id="shell/unquoted-variable",
    severity=model.Severity.INFO,
    summary="A variable without quotes in a command that removes or overwrites.",
    why="An empty value turns `rm -rf $DIR/*` into `rm -rf /*`, and `find $DIR -delete` into "
    "`find -delete` where you stand.",
    fix='Write `"${NAME:?}"`: quoted, and refusing to be empty.',
    example=model.Example(
        bad="```bash\nfind $VAULT -name '*.sql' -mtime +7 -delete\n```\n",
        good="```bash\nfind \"${VAULT:?}\" -name '*.sql' -mtime +7 -delete\n```\n",
    ),
    check=check,
)
