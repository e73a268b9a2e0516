"""Something is lost, and nothing before it warns, looks or saves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks

WARNS = lazy.pattern(
    r"\b(?:caution|warning|danger|irreversib|cannot be undone|destructive|data loss|lose"
    r"|double.check|"
    r"confirm|make sure|be careful|only if|must not|⚠|back(?:ed)?[\s-]?up|snapshot|save (?:a|the)|"
    r"export (?:a|the)|dry[\s-]run|downtime)",
    re.IGNORECASE,
)
SAVES = lazy.pattern(
    r"back(?:ed)?[\s-]?up|snapshot|dump\b|save (?:a|the)|export|dry[\s-]run|use-context"
    r"|current-context|"
    r"confirm|double.check|make sure|\bls\b|\blist\b",
    re.IGNORECASE,
)
WHOLE = lazy.pattern(
    r"\bcluster\b|\b(?:hetzner-k3s|eksctl|kops|k3d|kubeone|doctl)\b|\bnamespaces?\b|\bns\b"
    r"|\bpvc?\b|\bdropdb\b|DROP DATABASE|dropDatabase|destroy\b|\bzpool\b|\bvolume\b"
    r"|\bterraform\b|\bbucket\b|\brb\b"
)
KEPT = lazy.pattern(
    r"[\"']?(?:of=)?(?:/dev/(?:sd|nvme|vd|xvd|md|mapper/|disk)|/(?:var|etc|srv|opt|data|home|usr|boot|root)/)"
)
RUBBISH = lazy.pattern(r"/te?mp\b|/cache\b|\.cache\b|\.(?:log|gz|old|\d+)[\"']?$|\.log\.|core\.")
DISKS = frozenset({"dd", "mkfs", "shred", "wipefs", "blkdiscard", "sgdisk", "truncate"})
OTHERS = frozenset(
    {
        ("volume", "prune"),
        ("system", "prune"),
        ("image", "prune"),
        ("compose", "down"),
        ("s3", "sync"),
    }
)
"""What a rule of its own speaks of."""
LOOKS = frozenset({commands.Effect.READ})


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A destroying command in a procedure that neither warns before it nor looks first."""
    told: set[tuple[str, str, bool]] = set()
    for found in facts.found(subject):
        command = found.command
        if command.effect is not commands.Effect.DESTROY or not serious(found):
            continue
        whole = bool(WHOLE.search(kind_of(command))) and command.tool not in {
            "rm",
            "find",
            "kafka-topics",
        }
        before = "\n".join(
            subject.line(n) for n in range(found.procedure.line, found.step.end_line + 1)
        )
        before = before.replace(command.text, "")
        guarded = SAVES.search(before) if whole else (WARNS.search(before) or looked(found))
        key = (found.procedure.id, " ".join((str(command.tool), *command.path)), whole)
        if guarded or (found.step.cautions and not whole) or key in told:
            continue
        told.add(key)
        yield hits.of_command(
            found,
            f"`{hits.short(command.text, 50)}` cannot be taken back, and nothing before it "
            + (
                "saves what is lost, or asks whether this is the right one."
                if whole
                else "warns, looks at what it will touch, or saves it."
            ),
            fix=f"First look: `{command.look_first}`." if command.look_first else "",
            severity=model.Severity.WARNING if whole else None,
        )


def kind_of(command: commands.Command) -> str:
    """What sort of thing a command takes away: its tool, sub-command and first word."""
    first = command.operands[:1] if command.tool in {"kubectl", "oc", "docker"} else ()
    name = str(command.tool)
    sql = command.text if name in {"psql", "mysql", "mongosh", "mongo"} else ""
    return " ".join((name, *command.path, *(word.partition("/")[0] for word in first), sql))


def serious(found: facts.Found) -> bool:
    """Whether a person would miss what is lost."""
    command = found.command
    return (
        commands.Trait.IRREVERSIBLE in command.traits
        and (commands.Trait.LOCAL not in command.traits or of_the_machine(command))
        and found.step.kind is not runbooks.Kind.SCRIPT
        and command.tool is not None
        and command.path not in OTHERS
        and not command.inside
        and found.step.fence_line > 0
    )


def of_the_machine(command: commands.Command) -> bool:
    """Whether what is lost on this machine is its own: a disk, or data of a service."""
    folders = command.tool == "rm" and facts.has_flag(command, "-r", "-R", "--recursive")
    return (folders or command.tool in DISKS) and any(
        KEPT.match(word) and not RUBBISH.search(word) for word in command.operands
    )


def looked(found: facts.Found) -> bool:
    """Whether an earlier step of the procedure looks at the same thing."""
    names = {word for word in found.command.operands if len(word) > 3}  # noqa: PLR2004
    for step in found.procedure.steps:
        if step is found.step:
            return False
        for located in step.commands:
            if located.command.effect in LOOKS and names & set(located.command.operands):
                return True
    return False


RULE = model.Rule(
    id="safety/unguarded-destruction",
    severity=model.Severity.INFO,
    summary="Something is lost, and nothing before it warns, looks or saves.",
    why="At night the wrong context is current, or the name is one letter off, and there is no way "
    "back.",
    fix="Before it: say what is lost, show it (`kubectl config current-context`, a list), save it; "
    "after it: say how to restore.",
    example=model.Example(
        bad="```bash\neksctl delete cluster --name parcels\n```\n",
        good="Check that the context is the right one and that the backup is of today.\n\n"
        "```bash\nkubectl config current-context\nvelero backup get\n"
        "eksctl delete cluster --name parcels\n```\n",
    ),
    check=check,
)
