"""A file handed to `aws` without the prefix that makes it one."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

BINARY = frozenset({"--zip-file"})
"""What must be `fileb://`."""
TEXT = frozenset(
    {
        "--assume-role-policy-document",
        "--change-batch",
        "--cli-input-json",
        "--cli-input-yaml",
        "--container-definitions",
        "--lifecycle-configuration",
        "--policy-document",
        "--template-body",
    }
)
"""What is taken as the text itself, unless it is `file://`."""
FILE = lazy.pattern(r"[\"']?(?:[\w.~-]*/)*[\w.-]+\.(?:json|ya?ml|zip|template|txt)[\"']?")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`--zip-file code.zip`, `--policy-document policy.json`."""
    for found in facts.found(subject, "aws"):
        for name in sorted(BINARY | TEXT):
            value = facts.flag(found.command, name) or ""
            if FILE.fullmatch(value):
                prefix = "fileb://" if name in BINARY else "file://"
                yield hits.of_command(
                    found,
                    f"`{name} {value}` hands over the name of the file, not what is in it.",
                    part=f"{name} {value}",
                    fix=f"Write `{name} {prefix}{value}`.",
                )


RULE = model.Rule(
    id="command/missing-file-prefix",
    severity=model.Severity.ERROR,
    summary="A file handed to `aws` without the prefix that makes it one.",
    why="aws refuses the text, or the first it hears of the new settings is a file's name.",
    fix="Write `file://` before the path, and `fileb://` for what is not text.",
    example=model.Example(
        bad="```bash\naws lambda update-function-code --function-name lanes --zip-file lanes.zip\n"
        "```\n",
        good="```bash\naws lambda update-function-code --function-name lanes "
        "--zip-file fileb://lanes.zip\n```\n",
    ),
    check=check,
)
