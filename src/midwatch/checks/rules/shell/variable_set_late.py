"""A setting that decides where commands go, exported after the commands have run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import hits, model, sentences

USERS = {
    "KUBECONFIG": r"\b(?:kubectl|helm|flux|argocd|linkerd|istioctl|velero|k9s)\s|\./\S+\.sh\b",
    "PGHOST": r"\b(?:psql|pg_dump|pg_restore|createdb|dropdb)\s",
    "PGPASSWORD": r"\b(?:psql|pg_dump|pg_restore|createdb|dropdb)\s",
    "AWS_PROFILE": r"\b(?:aws|terraform|eksctl)\s",
    "AWS_REGION": r"\b(?:aws|terraform|eksctl)\s",
    "DOCKER_HOST": r"\bdocker\s",
    "VAULT_ADDR": r"\bvault\s",
    "ETCDCTL_API": r"\betcdctl\s",
}
CHANGES = lazy.pattern(
    r"\b(?:apply|install|upgrade|create|delete|scale|set|restore|drop|patch|destroy|rm|put)\b"
)
SETS = lazy.pattern(r"^export\s+(?P<name>[A-Z_]+)=")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`export KUBECONFIG=…` below a command of the same block that needs it."""
    for _, lines in sentences.read(subject):
        for index, sentence in enumerate(lines):
            sets = SETS.match(sentence.text)
            if not sets or sets["name"] not in USERS:
                continue
            if any(SETS.match(s.text) and sets["name"] in s.text for s in lines[:index]):
                continue
            uses = re.compile(USERS[sets["name"]])
            earlier = [s for s in lines[:index] if uses.search(f"{s.bare} ")]
            if earlier:
                yield told(earlier[-1], sentence, sets["name"])


def told(earlier: sentences.Sentence, sets: sentences.Sentence, name: str) -> model.Hit:
    """What is told of the command that ran too early."""
    script = earlier.text.lstrip().startswith("./")
    return model.Hit(
        earlier.line,
        f"`{hits.short(earlier.text, 40)}` runs before line {sets.line} sets `{name}`, so it goes "
        "wherever that pointed before.",
        column=earlier.column,
        end_line=sets.line,
        severity=None if CHANGES.search(earlier.text) and not script else model.Severity.WARNING,
    )


RULE = model.Rule(
    id="shell/variable-set-late",
    severity=model.Severity.ERROR,
    summary="A setting that decides where commands go, given after they ran.",
    why="The earlier command reaches whatever cluster or server was current: it installs into, or "
    "deletes from, the wrong one.",
    fix="Set it in the first line of the block.",
    example=model.Example(
        bad="```bash\nhelm install sorter ./chart\nexport KUBECONFIG=./parcels.yaml\n"
        "kubectl get pods\n```\n",
        good="```bash\nexport KUBECONFIG=./parcels.yaml\nhelm install sorter ./chart\n"
        "kubectl get pods\n```\n",
    ),
    check=check,
)
