"""Commands that open a session somewhere else: what is typed after them is typed in there."""

from __future__ import annotations

import re

SHELLS = r"(?:/(?:usr/)?bin/)?(?:ba|z|k|da|a)?sh(?:\s+-[il]+)?"
CLIENTS = r"(?:psql|mysql|mariadb|redis-cli|mongo|mongosh|cqlsh|clickhouse-client|sqlite3|sqlplus|rails\s+c(?:onsole)?|iex|irb)"
ENTER = re.compile(
    r"(?:sudo\s+)?(?:kubectl|oc|docker|podman|nerdctl|crictl|docker-compose|k)\b[\s\S]*?\b(?:exec|run|rsh|debug|attach)\b"
    rf"[\s\S]*?(?:\s{SHELLS}|\s{CLIENTS}(?:\s+-[Uhdpu]\s*\S+|\s+--?[\w-]+(?:=\S+)?|\s+[\w.-]+)*|\sdbshell|\sshell|\sconsole)\s*$"
)
REMOTE = re.compile(r"(?:oc|kubectl)\s+(?:rsh|debug)\b(?!.*\s--\s+\S)[^|;&\n]*$")
SECURE = re.compile(
    r"ssh(?:\s+-(?:[46AaCfGgKkMNnqsTtVvXxYy]+|[BbcDEeFIiJLlmOoPpRSWw]\s*\S+))*\s+[\w.@<>$\{\}\[\]-]+(?:\s+-[tA]+)*\s*$|gcloud\s+compute\s+ssh\b(?!.*--command)|docker-machine\s+ssh\s+\S+\s*$|vagrant\s+ssh\s*\S*$|minikube\s+ssh\s*$|aws\s+ssm\s+start-session\b"
)
ROOT = re.compile(
    r"sudo\s+(?:-i|-s|su)\b|su(?:\s+-l?)?(?:\s+[\w-]+)?\s*$|chroot\s+\S+(?:\s+\S*sh)?\s*$|nsenter\b[\s\S]*sh\s*$"
)
DATABASE = re.compile(
    rf"(?:sudo\s+-u\s+\S+\s+)?(?:gitlab-)?{CLIENTS}\b(?![\s\S]*(?:\s-[ce]\b|\s--?(?:command|execute|eval|file)\b|\s-f\b|<|\|))(?:\s+-{{1,2}}[\w-]+(?:[= ]\S+)?|\s+[\w.$<>{{}}-]+)*\s*$"
)
OUTSIDE = frozenset(
    {
        "kubectl",
        "oc",
        "docker",
        "docker-compose",
        "podman",
        "helm",
        "git",
        "aws",
        "gcloud",
        "az",
        "terraform",
        "ssh",
        "scp",
        "k",
        "gh",
        "velero",
        "kustomize",
        "flux",
        "argocd",
        "virtctl",
        "open",
        "make",
    }
)
"""Programs that are run from the operator's own machine, also after a session was opened."""


def opens(text: str) -> bool:
    """Whether the command leaves the reader in a session somewhere else."""
    bare = text.strip()[:4000]
    patterns = (ENTER, REMOTE, SECURE, ROOT, DATABASE)
    return "\n" not in bare.replace("\\\n", "") and any(pattern.match(bare) for pattern in patterns)


def is_client(text: str) -> bool:
    """Whether the session it opens is a database's, where no shell command is typed."""
    return bool(DATABASE.match(text.strip()[:4000]))


def closes(text: str) -> bool:
    """Whether the command leaves such a session."""
    return text.strip() in {"exit", "logout", "\\q", "quit", "exit;", "quit;"}


def name(text: str) -> str:
    """What the session is called: the command that opened it."""
    bare = " ".join(text.split())
    return f"inside `{bare if len(bare) <= 60 else bare[:59] + chr(0x2026)}`"
