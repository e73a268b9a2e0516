"""Files opened to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(r"\bchmod\s+(?:-\w+\s+)*(?:0?777|a\+rwx|o\+w|ugo\+rwx)\s+(?P<file>\S+)")
SHARED = lazy.pattern(
    r"--(?:acl|canned-acl|predefined-acl)[= ](?P<acl>public-?read-?write|publicReadWrite)\b"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`chmod 777`, and a bucket that the whole internet may write to."""
    for sentence in sentences.every(subject, "chmod", "acl"):
        found = FAULT.search(sentence.words)
        shared = SHARED.search(sentence.words)
        if shared:
            yield sentences.hit(
                sentence,
                f"`{shared['acl']}` lets everybody on the internet change what is in there.",
                fix="Keep it private, and give the one account that writes a policy of its own.",
            )
        if found:
            yield sentences.hit(
                sentence, f"Everybody on the machine may now change `{found['file']}`."
            )


RULE = model.Rule(
    id="safety/world-writable",
    severity=model.Severity.WARNING,
    summary="Files opened to everybody.",
    why="Any program on the machine can put its own code or data there; and some programs (ssh, "
    "Postgres) refuse to start with such files.",
    fix="Give them to the user that needs them: `chown`, and 750 or 640.",
    example=model.Example(
        bad="```bash\nchmod -R 777 /srv/sorter/spool\n```\n",
        good="```bash\nchown -R sorter: /srv/sorter/spool\nchmod -R u=rwX,g=rX,o= "
        "/srv/sorter/spool\n```\n",
    ),
    check=check,
)
