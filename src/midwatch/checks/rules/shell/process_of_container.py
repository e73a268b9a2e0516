"""A process number from inside a container, used outside."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

USES = lazy.pattern(
    r"(?:^|[|;&]\s*|sudo\s+)(?P<tool>top|htop|kill|strace|gdb|renice|lsof|pidstat|perf|ps|nsenter)\b"
    r"[^|;&\n]*\$\([^)]*\b(?:exec|run)\b[^)]*\b(?:pgrep|pidof|ps)\b"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`top -p $(docker exec … pgrep …)` and its kind."""
    for sentence in sentences.every(subject, "$("):
        uses = USES.search(sentence.text)
        if uses:
            yield sentences.hit(
                sentence,
                f"The number counts inside the container; `{uses['tool']}` out here shows or hits "
                "another process.",
            )


RULE = model.Rule(
    id="shell/process-of-container",
    severity=model.Severity.ERROR,
    summary="A process number from inside a container, used outside.",
    why="Containers count their processes by themselves: the number belongs to something else on "
    "the host, and `kill` ends that.",
    fix="Ask the container's runtime: `docker top NAME`, `docker inspect -f '{{.State.Pid}}' "
    "NAME`; "
    "or run the tool inside.",
    example=model.Example(
        bad="```bash\nkill -USR1 $(docker exec desk pidof gunicorn)\n```\n",
        good="```bash\ndocker exec desk sh -c 'kill -USR1 $(pidof gunicorn)'\n```\n",
    ),
    check=check,
)
