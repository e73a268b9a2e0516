"""A script of this document called with an argument that it never reads."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

READS = lazy.pattern(r"\$\{?[1-9@*](?!\])|\$#|\bgetopts\b|\bshift\b|\bargv\b|\bargparse\b|\$argv")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A call whose words the script leaves unread."""
    deaf = {
        script.name.rsplit("/", 1)[-1]: script
        for script in subject.runbook.scripts
        if not READS.search(script.text)
    }
    if not deaf:
        return
    for found in facts.found(subject):
        words = facts.words(found.command)
        if words and words[0] in {"bash", "sh", "source", "."}:
            words = words[1:]
        name = words[0].rsplit("/", 1)[-1] if words else ""
        if name in deaf and len(words) > 1 and "/" in words[0]:
            yield hits.of_command(
                found,
                f"`{name}` (line {deaf[name].line}) reads no argument, so `{words[1]}` changes "
                "nothing.",
            )


RULE = model.Rule(
    id="shell/argument-ignored",
    severity=model.Severity.ERROR,
    summary="A script called with an argument that it never reads.",
    why="What the caller thinks went there went somewhere else: the backup that is uploaded is "
    "empty.",
    fix="Read it in the script (`DIR=${1:?usage}`), or leave it out of the call.",
    example=model.Example(
        bad="```bash\n# save.sh\npg_dump desk > /vault/desk.sql\n```\n\n"
        "```bash\n./save.sh /mnt/today\n```\n",
        good='```bash\n# save.sh\npg_dump desk > "${1:?usage}/desk.sql"\n```\n\n'
        "```bash\n./save.sh /mnt/today\n```\n",
    ),
    check=check,
)
