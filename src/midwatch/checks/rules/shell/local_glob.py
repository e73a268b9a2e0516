"""A glob that the operator's own shell expands, meant for the container."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

REMOTE = lazy.pattern(
    r"\b(?:kubectl|oc|docker|podman|nerdctl|docker-compose)\b[^|;&\n]*?\sexec\s(?P<rest>[^|;&\n<>]*)"
)
GLOB = lazy.pattern(r"(?<=\s)(?P<word>(?:/|\./|~/)?[\w./-]*/[\w./-]*\*[\w./*-]*)(?=\s|$)")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An unquoted `*` in what `exec` runs elsewhere."""
    for sentence in sentences.every(subject, "*"):
        for remote in REMOTE.finditer(sentence.bare):
            for glob in GLOB.finditer(remote["rest"]):
                at = remote.start("rest") + glob.start("word")
                yield sentences.hit(
                    sentence,
                    f"`{glob['word']}` is expanded on your machine, not where the command runs.",
                    at=at,
                    length=len(glob["word"]),
                    fix=f"Let a shell over there expand it: `-- sh -c '… {glob['word']}'`.",
                )


RULE = model.Rule(
    id="shell/local-glob",
    severity=model.Severity.ERROR,
    summary="A glob on the wrong side of `exec`.",
    why="Your shell finds no such files and hands the star over as it is: “cannot access”, or "
    "worse, "
    "it finds your own files.",
    fix="Let a shell over there expand it: `-- sh -c 'du -sh /data/*'`.",
    example=model.Example(
        bad="```bash\nkubectl exec sorter-0 -- ls /var/spool/parcels/*\n```\n",
        good="```bash\nkubectl exec sorter-0 -- sh -c 'ls /var/spool/parcels/*'\n```\n",
    ),
    check=check,
)
