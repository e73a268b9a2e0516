"""A variable that the operator's own shell expands, meant for the container."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model, sentences

REMOTE = lazy.pattern(
    r"\b(?:kubectl|oc|docker|podman|nerdctl|docker-compose)\b[^|;&\n]*?\sexec\s"
    r"(?P<target>[^|;&\n<>]*?)\s--\s(?P<rest>[^|;&\n<>]*)"
    r"|\b(?:docker-compose|docker\s+compose|docker|podman)\s+(?:(?:-f|-p|--file|--project-name)[\s=]\S+\s+)*"
    r"exec\s(?P<words>[^|;&\n<>]*)"
)
VARIABLE = lazy.pattern(r"\$\{?(?P<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+|PATH|HOME|HOSTNAME)\}?")
QUOTED = lazy.pattern(r"'[^']*'")
OWN = lazy.pattern(
    r"_(?:OCID|NAMESPACE|POD|CONTAINER|NODE|FILE|DATE)$|^(?:POD|NODE|NAMESPACE|BACKUP)_"
)
LIVES = lazy.pattern(
    r"URL|PASS|SECRET|TOKEN|_KEY|_HOST|_PORT|_USER|_DB$|DATABASE|DSN|_URI|^HOME$|^HOSTNAME$|^PATH$"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`exec POD -- tool $NAME` where the document gives NAME no value."""
    given = known(subject)
    for sentence in sentences.every(subject, "exec"):
        for remote in REMOTE.finditer(sentence.bare):
            group = "rest" if remote["rest"] is not None else "words"
            start, end = remote.span(group)
            text = QUOTED.sub(lambda quoted: "_" * len(quoted.group()), sentence.text[start:end])
            for variable in VARIABLE.finditer(text):
                name = variable["name"]
                if name in given or OWN.search(name) or not LIVES.search(name):
                    continue
                if text[variable.end() :].startswith((":-", ":=", ":?", "-", "?")):
                    continue  # it has a value where none is set, or stops there
                if start + variable.start() and text[variable.start() - 1] == "\\":
                    continue
                yield sentences.hit(
                    sentence,
                    f"`${name}` is expanded on your machine, where this document gives it no "
                    "value, not in the container.",
                    at=start + variable.start(),
                    length=len(variable.group()),
                    fix=f"Let a shell over there expand it: `-- sh -c '… \"${name}\"'`.",
                )


def known(subject: model.Subject) -> frozenset[str]:
    """The variables that the document gives a value."""
    steps = (step for _, step in facts.steps(subject))
    return frozenset[str]().union(*(step.sets for step in steps))


RULE = model.Rule(
    id="shell/local-variable",
    severity=model.Severity.WARNING,
    summary="A variable on the wrong side of `exec`.",
    why="It is empty on your machine: the client connects to its default, and the diagnosis is of "
    "the wrong server, or none.",
    fix="Let a shell over there expand it: `-- sh -c 'psql \"$DATABASE_URL\"'`.",
    example=model.Example(
        bad="```bash\nkubectl exec deploy/desk -- psql $DESK_DATABASE_URL -c 'SELECT 1'\n```\n",
        good="```bash\nkubectl exec deploy/desk -- "
        'sh -c \'psql "$DESK_DATABASE_URL" -c "SELECT 1"\'\n'
        "```\n",
    ),
    check=check,
    doubt="Operators who export the variable themselves mean their own value.",
)
