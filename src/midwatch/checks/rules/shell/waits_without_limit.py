"""A command that waits for something that may never come."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

LONG = lazy.pattern(r"(?P<number>\d+)(?P<unit>[smhd]?)")
SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
MOST = 300


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`rollout status` without a timeout, a console consumer that counts, a long sleep."""
    for found in facts.found(subject):
        told = what(found)
        if told:
            yield hits.of_command(found, told[0], fix=told[1])


def what(found: facts.Found) -> tuple[str, str] | None:
    """What the command waits for, and how to bound it."""
    command = found.command
    rollout = command.tool in {"kubectl", "oc"} and command.path == ("rollout", "status")
    if rollout and not facts.has_flag(command, "--timeout", "--watch", "-w", "--request-timeout"):
        text = (
            "`rollout status` waits ten minutes on a stuck deployment, and for ever on a stuck "
            "stateful set."
        )
        return text, "Add `--timeout=5m`."
    counts = command.tool == "kafka-console-consumer" and "--max-messages" in command.flags
    if counts and not facts.has_flag(command, "--timeout-ms"):
        text = "The consumer waits for ever when there are fewer messages than it wants."
        return text, "Add `--timeout-ms 10000`."
    if command.tool == "sleep" and command.operands:
        length = LONG.fullmatch(command.operands[0])
        if length and int(length["number"]) * SECONDS[length["unit"]] >= MOST:
            text = f"`sleep {command.operands[0]}` blocks, and nothing is looked at meanwhile."
            return text, "Look at it in a loop with a limit, and stop as soon as it is known."
    return None


RULE = model.Rule(
    id="shell/waits-without-limit",
    severity=model.Severity.INFO,
    summary="A command that waits and has no limit.",
    why="On the night when it matters, what is waited for does not come, and the step hangs.",
    fix="Give it a timeout, and say what to do when it is over.",
    example=model.Example(
        bad="```bash\nkubectl rollout status deployment/desk -n tickets\n```\n",
        good="```bash\nkubectl rollout status deployment/desk -n tickets --timeout=5m\n```\n",
    ),
    check=check,
)
