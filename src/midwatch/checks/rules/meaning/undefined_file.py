"""A file that is applied and stands nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

NAME = lazy.pattern(r"^(?!/|https?:|-|<|\$|~)[\w./-]+\.(?:ya?ml|json|sql|tf)$")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`kubectl apply -f x.yaml`, which neither the document nor its repository holds."""
    for found in facts.found(subject):
        command = found.command
        if command.tool not in {"kubectl", "oc"} or command.path[:1] not in {
            ("apply",), ("create",), ("replace",),
        }:  # fmt: skip
            continue
        path = facts.flag(command, "-f", "--filename") or ""
        if not NAME.match(path) or subject.exists(path):
            continue
        name = path.rsplit("/", 1)[-1]
        if subject.text.count(name) > 1:
            continue
        yield hits.of_command(
            found, f"`{path}` stands neither in this document nor beside it, and nothing makes it."
        )


RULE = model.Rule(
    id="meaning/undefined-file",
    severity=model.Severity.INFO,
    summary="A file that is applied and stands nowhere.",
    why="What it changes cannot be read before it is applied, and in another checkout it is "
    "missing.",
    fix="Show it here, link to it, or give its repository.",
    example=model.Example(
        bad="```bash\nkubectl apply -f lanes/closed.yaml\n```\n",
        good="The manifest: [closed.yaml](lanes/closed.yaml).\n\n"
        "```bash\nkubectl apply -f lanes/closed.yaml\n```\n",
    ),
    check=check,
)
