"""Everything committed that lies around."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

SECRETS = lazy.pattern(
    r"(?<![\w/])\.env(?:\.\w+)?\b|\./?kubeconfig\b|(?<=KUBECONFIG=)\./[\w.-]+|\.pem\b|\.key\b|credentials\.json"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`git add .` in a tree where the document keeps files of secrets."""
    for found in facts.found(subject, "git"):
        command = found.command
        if command.path[:1] != ("add",) and command.operands[:1] != ("add",):
            continue
        every = {".", "*"} & set(command.operands) or facts.has_flag(command, "-A", "--all")
        if every:
            secret = SECRETS.search(subject.text)
            with_secret = f", `{secret.group().strip()}` among them" if secret else ""
            yield hits.of_command(
                found,
                f"This adds whatever lies in the folder{with_secret}, unless Git was told to "
                "ignore "
                "it.",
                severity=None if secret else model.Severity.INFO,
            )


RULE = model.Rule(
    id="safety/git-add-all",
    severity=model.Severity.WARNING,
    summary="Everything committed that lies around.",
    why="A kubeconfig, a file of secrets or the logs of the incident go into the history, from "
    "where "
    "they do not come out again.",
    fix="Name the files: `git add k8s/desk.yaml`, and look with `git status` first.",
    example=model.Example(
        bad="```bash\nvim .env.production\ngit add .\ngit commit -m 'More memory'\n```\n",
        good="```bash\ngit add k8s/desk.yaml\ngit commit -m 'More memory'\n```\n",
    ),
    check=check,
)
