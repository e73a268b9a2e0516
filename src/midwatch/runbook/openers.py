"""Commands that open a session somewhere else: what is typed after them is typed in there."""

from __future__ import annotations

import functools
from collections.abc import Sequence

SHELLS = frozenset({"sh", "bash", "zsh", "ksh", "dash", "ash", "fish"})
CONSOLES = frozenset({"dbshell", "shell", "console", "irb", "iex"})
CLIENTS = frozenset(
    {
        "psql",
        "gitlab-psql",
        "mysql",
        "mariadb",
        "redis-cli",
        "mongo",
        "mongosh",
        "cqlsh",
        "clickhouse-client",
        "sqlite3",
        "sqlplus",
    }
)
"""Database consoles, where no shell command is typed."""
GIVEN = frozenset({"-c", "-e", "-f", "--command", "--execute", "--eval", "--file", "--query", "-q"})
"""With one of these a client does one thing and comes back."""
OPERANDS = {"redis-cli": 0, "clickhouse-client": 0, "cqlsh": 2, "psql": 2}
"""How many operands a client takes and still opens its console; one where nothing is said."""
VALUED = frozenset(
    {"-h", "-U", "-d", "-p", "-u", "-P", "-H", "-n", "-a", "--host", "--port", "--user"}
    | {"--username", "--dbname", "--database", "--password", "-i", "-l", "-o", "-F", "-J", "-L"}
    | {"-c", "--container", "--namespace", "--image", "-R", "-D", "-W", "--zone", "--project"}
)
"""Flags followed by their value."""
CLUSTER = frozenset({"kubectl", "oc", "k"})
CONTAINER = frozenset({"docker", "podman", "nerdctl", "docker-compose", "crictl"})
ENTER = frozenset({"exec", "run", "attach", "debug", "rsh"})
LOCAL = frozenset({"virtctl", "vagrant", "minikube", "docker-machine", "multipass"})
OUTSIDE = frozenset(
    {"kubectl", "oc", "docker", "docker-compose", "podman", "helm", "git", "aws", "gcloud", "az"}
    | {"terraform", "ssh", "scp", "k", "gh", "velero", "kustomize", "flux", "argocd", "virtctl"}
    | {"open", "make"}
)
"""Programs that are run from the operator's own machine, also after a session was opened."""
LONGEST, SHOWN = 4000, 60


@functools.lru_cache(maxsize=2048)
def opens(text: str) -> bool:
    """Whether the command leaves the reader in a session somewhere else."""
    bare = text.strip().replace("\\\n", " ")
    if len(bare) > LONGEST or "\n" in bare or any(sign in bare for sign in ("|", ";", "&&")):
        return False
    words = bare.split()
    return bool(words) and _opens(words)


def _opens(words: Sequence[str]) -> bool:
    program = words[0].rsplit("/", 1)[-1]
    rest = list(words[1:])
    if program == "sudo":
        if not rest or rest[0] in {"-i", "-s", "su"}:
            return bool(rest)
        plain = _after_flags(rest)
        return bool(plain) and _opens(plain)
    if program in {"su", "chroot"}:
        return "-c" not in rest and len(_after_flags(rest)) <= 1 + _is_shell(words)
    if program == "ssh":
        return len(_operands(rest)) == 1
    if program in CLUSTER | CONTAINER and ENTER & set(rest):
        return _enters(program, rest)
    if program in LOCAL or (program == "gcloud" and "ssh" in rest):
        return bool({"ssh", "console", "shell"} & set(rest)) and "--command" not in " ".join(rest)
    if program == "aws":
        return rest[:2] == ["ssm", "start-session"]
    return program in CLIENTS and _is_console(program, rest)


def _enters(program: str, rest: Sequence[str]) -> bool:
    """Whether a command goes into a pod or container to stay."""
    if "--" in rest:
        inner = list(rest[list(rest).index("--") + 1 :])
        return bool(inner) and _stays(inner)
    if program in CLUSTER and {"rsh", "debug"} & set(rest):
        return not _is_long(rest)
    last = rest[-1].rsplit("/", 1)[-1]
    position = next(
        (at for at, word in enumerate(rest) if word.rsplit("/", 1)[-1] in CLIENTS), None
    )
    if position is not None:
        return _is_console(rest[position].rsplit("/", 1)[-1], rest[position + 1 :])
    return last in SHELLS | CONSOLES


def _is_long(rest: Sequence[str]) -> bool:
    """Whether `oc rsh pod` goes on with a command of its own."""
    return len(
        _operands([word for word in rest if word not in {"rsh", "debug"}])
    ) > 1 and not _is_shell(rest)


def _stays(inner: Sequence[str]) -> bool:
    first = inner[0].rsplit("/", 1)[-1]
    if first in CLIENTS:
        return _is_console(first, inner[1:])
    if first in SHELLS:
        return not {"-c", "-lc", "-ec", "-xc"} & set(inner)
    return inner[-1] in CONSOLES


def _is_shell(words: Sequence[str]) -> bool:
    return words[-1].rsplit("/", 1)[-1] in SHELLS


def _is_console(client: str, rest: Sequence[str]) -> bool:
    """Whether a database's client is left at its prompt."""
    flags = {word.split("=", 1)[0] for word in rest if word.startswith("-")}
    if flags & GIVEN or any(word.startswith("<") and not word.endswith(">") for word in rest):
        return False
    return len(_operands(rest)) <= OPERANDS.get(client, 1)


def _operands(rest: Sequence[str]) -> list[str]:
    """The words that are no flags and no values of flags."""
    found = []
    waiting = False
    for word in rest:
        if waiting:
            waiting = False
        elif word.startswith("-"):
            waiting = word in VALUED
        else:
            found.append(word)
    return found


def _after_flags(rest: Sequence[str]) -> list[str]:
    """The words from the first that is no flag, nor the value of `-u`."""
    at = 0
    while at < len(rest) and rest[at].startswith("-"):
        at += 2 if rest[at] in {"-u", "-g"} else 1
    return list(rest[at:])


def is_client(text: str) -> bool:
    """Whether the session it opens is a database's, where no shell command is typed."""
    words = text.split(None, 8)[:8]
    return any(word.rsplit("/", 1)[-1] in CLIENTS for word in words[:1]) or (
        words[:1] == ["sudo"] and any(word in CLIENTS for word in words)
    )


def closes(text: str) -> bool:
    """Whether the command leaves such a session."""
    return text.strip() in {"exit", "logout", "\\q", "quit", "exit;", "quit;"}


def name(text: str) -> str:
    """What the session is called: the command that opened it."""
    bare = " ".join(text.split())
    return f"inside `{bare if len(bare) <= SHOWN else bare[: SHOWN - 1] + chr(0x2026)}`"
