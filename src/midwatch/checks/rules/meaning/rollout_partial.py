"""Several rollouts started, and one of them awaited."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, model
from midwatch.checks.rules.meaning import redundant_restart


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`rollout restart` or `set image` of several workloads, `rollout status` of fewer."""
    blocks: dict[int, list[facts.Found]] = {}
    for found in facts.found(subject, "kubectl"):
        if found.step.fence_line:
            blocks.setdefault(found.step.fence_line, []).append(found)
    for block in blocks.values():
        started = {
            redundant_restart.named(f.command)
            for f in block
            if f.command.path in {("rollout", "restart"), ("set", "image")} and f.command.operands
        }
        awaited = [f for f in block if f.command.path == ("rollout", "status")]
        names = {redundant_restart.named(f.command) for f in awaited}
        missing = sorted(started - names)
        if awaited and missing and not any("$" in name for name in started | names):
            yield hits.of_command(
                awaited[-1],
                f"`{missing[0]}`{' and others are' if len(missing) > 1 else ' is'} rolled out "
                "above "
                "and not waited for.",
            )


RULE = model.Rule(
    id="meaning/rollout-partial",
    severity=model.Severity.INFO,
    summary="Several rollouts started, and one of them awaited.",
    why="The one that is not looked at hangs, and the step counts as done.",
    fix="Wait for each: `kubectl rollout status KIND/NAME --timeout=5m`.",
    example=model.Example(
        bad="```bash\nkubectl rollout restart deployment/desk\nkubectl rollout restart "
        "deployment/gate\nkubectl rollout status deployment/desk\n```\n",
        good="```bash\nkubectl rollout restart deployment/desk\nkubectl rollout restart "
        "deployment/gate\nfor d in desk gate; do kubectl rollout status deployment/$d; done\n```\n",
    ),
    check=check,
)
