"""The old is deleted before the new is there."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands

CLOUDS = frozenset({"aws", "gcloud", "az"})
"""Tools whose commands are so long that each has a block of its own."""
WARNING = model.Severity.WARNING
LABS = frozenset({"kind", "k3d", "minikube"})
"""Tools for clusters that are there to be thrown away."""
AWAY = lazy.pattern(r"(?:delete|destroy|rm|remove|drop|terminate)(?:[_-]|$)")
MADE = lazy.pattern(r"(?:create|add|restore)(?:[_-]|$)")
NAMING = lazy.pattern(r"^-(?:c|f)$|config$|file$|name$|identifier$")
LIVE = frozenset({"secret", "secrets", "configmap", "cm", "service", "svc", "ingress", "issuer"})


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`delete X` and then `create X` in one block, and a live secret deleted for a new one."""
    blocks: dict[int, list[facts.Found]] = {}
    for found in facts.found(subject):
        if found.step.fence_line and not found.outer:
            blocks.setdefault(place(found), []).append(found)
    for block in blocks.values():
        for at, first in enumerate(block):
            if first.command.effect is not commands.Effect.DESTROY:
                continue
            later = [f for f in block[at + 1 :] if replaces(first.command, f.command)]
            if later:
                yield told(first, later[0])


def place(found: facts.Found) -> int:
    """What a command stands together with: its block, or in the cloud its whole procedure."""
    steps = found.command.tool in CLOUDS
    return found.procedure.line if steps else found.step.fence_line


def replaces(old: commands.Command, new: commands.Command) -> bool:
    """Whether the second command puts back what the first took away."""
    if old.tool != new.tool or old.tool in LABS:
        return False
    if old.tool == "kubectl":
        kind, _, _ = old.operands[0].partition("/") if old.operands else ("", "", "")
        if old.path != ("delete",) or kind not in LIVE or "," in kind:
            return False
        name = old.operands[-1].rpartition("/")[2]
        if new.path[:1] == ("create",):
            return any(name in word for word in facts.words(new))
        if new.operands and new.operands[0] == "rename":
            return True
        return new.path == ("annotate",) and kind.startswith("secret")
    if not old.path or not new.path:
        return False
    if AWAY.match(old.path[-1]) and MADE.match(new.path[-1]):
        return bool(set(old.operands) & set(new.operands)) or same_thing(old, new)
    return False


def same_thing(old: commands.Command, new: commands.Command) -> bool:
    """Whether both commands speak of the same file or name."""
    return bool(named(old) & named(new))


def named(command: commands.Command) -> frozenset[str]:
    """The values of the flags that name a thing, or the file that describes it."""
    return frozenset(
        value for name, value in command.flags.items() if value and NAMING.search(name)
    )


def told(first: facts.Found, later: facts.Found) -> model.Hit:
    """What is told of the pair."""
    certificate = later.command.path == ("annotate",)
    other = certificate and first.command.operands[-1] != later.command.operands[1]
    tail = (
        "asks for a new one, which may take minutes or fail; and the annotation renews nothing by "
        "itself" + (", and is put on a certificate of another name." if other else ".")
        if certificate
        else "puts the new one there; if that fails, there is neither."
    )
    return model.Hit(
        first.line,
        f"`{hits.short(first.command.text, 45)}` takes the live one away before line {later.line} "
        f"{tail}",
        column=first.column,
        end_line=later.line + later.command.text.count("\n"),
        fix="Use `cmctl renew NAME`: the old certificate stays until the new one is there, and the "
        "Certificate of an ingress is named after its secret."
        if certificate
        else "",
        severity=None if certificate or later.command.path[:1] != ("create",) else WARNING,
    )


RULE = model.Rule(
    id="safety/delete-before-replacement",
    severity=model.Severity.ERROR,
    summary="The old is deleted before the new is there.",
    why="Whatever starts in between, or when the second command fails, finds nothing: an outage "
    "made "
    "by the maintenance.",
    fix="Make the new one beside it, switch over, verify, and delete the old one last; or "
    "replace it "
    "in place (`kubectl apply`).",
    example=model.Example(
        bad="```bash\nkubectl delete secret desk-db\n"
        "kubectl create secret generic desk-db --from-env-file=desk.env\n```\n",
        good="```bash\nkubectl create secret generic desk-db --from-env-file=desk.env "
        "--dry-run=client -o yaml | kubectl apply -f -\n```\n",
    ),
    check=check,
)
