"""A plan carried out that nobody has read."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(
    r"\b(?:terraform|tofu|terragrunt|pulumi|cdk)\b[^|;&]*\b(?:apply|destroy|up|deploy)\b[^"
    r"|;&]*\s(?P<flag>--?auto-approve|--yes|--require-approval[= ]never)"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`terraform apply -auto-approve` and its kind."""
    for sentence in sentences.every(subject, "terraform", "tofu", "terragrunt", "pulumi", "cdk"):
        found = FAULT.search(sentence.words)
        if found:
            yield sentences.hit(
                sentence, f"`{found['flag']}` carries out whatever the plan turns out to be."
            )


RULE = model.Rule(
    id="safety/auto-approve",
    severity=model.Severity.WARNING,
    summary="A plan carried out that nobody has read.",
    why="Drift or a changed provider makes the plan replace a database, and nobody is asked.",
    fix="Make a plan, read it, and apply that file: `terraform plan -out=p`, `terraform apply p`.",
    example=model.Example(
        bad="```bash\nterraform apply -auto-approve\n```\n",
        good="```bash\nterraform plan -out=p\nterraform apply p\n```\n",
    ),
    check=check,
)
