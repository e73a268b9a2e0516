"""A workload scaled by hand that an autoscaler scales as well."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands

TARGET = lazy.pattern(r"scaleTargetRef:\s*\n(?:\s+\w+:.*\n)*?\s+name:\s*[\"']?(?P<name>[\w.-]+)")
AUTOSCALE = lazy.pattern(r"kubectl\s+(?:-n\s+\S+\s+)?autoscale\s+\w+[/ ](?P<name>[\w.-]+)")
SCALER = lazy.pattern(r"\b(?:scaledobject|hpa|horizontalpodautoscaler)s?[ /](?P<name>[a-z][\w.-]*)")
LIKELY = lazy.pattern(r"[Aa]uto-?[Ss]cal|scaled by")
PROSE = lazy.pattern(
    r"(?P<name>\w[\w-]*)s?\b[^.\n]{0,30}\bauto-?scale[sd]?\b|\bauto-?scal\w+ (?:of"
    r"|for) (?:the )?(?P<of>\w[\w-]*)"
    r"|(?P<by>\w[\w-]*)(?: \w+)? (?:is|are) scaled by (?:an? |the )?(?:HPA|KEDA|horizontal|keda)",
    re.IGNORECASE,
)
PROPOSES = lazy.pattern(
    r"\b(?:consider\w*|propos\w*|could|should|suggest\w*|recommend\w*|option(?:al)?|future|later"
    r"|planned|plan to|todo|instead|long[- ]term|improvement|if (?:no|not|there is no)"
    r"|does not (?:yet )?have|would)\b",
    re.IGNORECASE,
)
"""What is said of an autoscaler that may not be there yet."""
OWNED = lazy.pattern(
    r"\b(?:has|have|with|under|behind|managed by|controlled by|owned by|via|by) (?:an? |the |its )?"
    r"(?:HPA|HorizontalPodAutoscaler|horizontal pod autoscaler|KEDA|autoscal\w+"
    r"|target[ -]tracking)\b"
    r"|\btarget[ -]tracking\b[^.\n]{0,20}\bkeeps?\b|\b(?:HPA|autoscaler|KEDA),? min(?:imum)? \d",
    re.IGNORECASE,
)
"""A sentence beside the command that says an autoscaler is there."""
PAUSED = lazy.pattern(
    r"autoscaling\.keda\.sh/paused|\bdelete\s+(?:hpa|scaledobject)|\bpause\w*\b.*\bautoscal"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A workload scaled by hand that the document says is autoscaled."""
    scaled: frozenset[str] | None = None
    for found in facts.found(subject):
        name = by_hand(found.command)
        if not name or PAUSED.search(facts.text_of(subject, found.procedure)):
            continue
        if scaled is None:
            scaled = autoscaled(subject)
        if elsewhere(subject, found, name):
            continue
        if name in scaled or owned(subject, found):
            yield hits.of_command(
                found,
                f"An autoscaler owns the replicas of `{name}`, and takes this number back within "
                "seconds.",
            )


def by_hand(command: commands.Command) -> str:
    """The name of what a command gives a number of copies; nothing where that is none at all."""
    if command.tool in {"kubectl", "oc"} and command.path == ("scale",):
        return "" if facts.flag(command, "--replicas") == "0" else target(command.operands)
    if command.tool == "aws" and command.path == ("ecs", "update-service"):
        counted = (facts.flag(command, "--desired-count") or "0") != "0"
        return (facts.flag(command, "--service") or "") if counted else ""
    return ""


def elsewhere(subject: model.Subject, found: facts.Found, name: str) -> bool:
    """Whether each autoscaler of that name is made in another namespace."""
    own = facts.flag(found.command, "-n", "--namespace")
    others = {
        facts.flag(each.command, "-n", "--namespace")
        for each in facts.found(subject, "kubectl")
        if each.command.path == ("autoscale",) and target(each.command.operands) == name
    }
    return own is not None and bool(others) and None not in others and own not in others


def owned(subject: model.Subject, found: facts.Found) -> bool:
    """Whether the procedure's own words say that an autoscaler has what is scaled here."""
    first, last = found.procedure.line, found.procedure.end_line
    said = (text for number, text in facts.prose(subject) if first <= number <= last)
    return any(OWNED.search(text) and not PROPOSES.search(text) for text in said)


def target(operands: tuple[str, ...]) -> str:
    """The name of what is scaled."""
    if not operands:
        return ""
    kind, slash, name = operands[0].partition("/")
    return name if slash else (operands[1] if len(operands) > 1 else kind)


def autoscaled(subject: model.Subject) -> frozenset[str]:
    """The names of what the document says an autoscaler scales."""
    proposed = frozenset(lines_of_proposals(subject))
    written = "\n".join(
        "" if number in proposed else line for number, line in enumerate(subject.lines, 1)
    )
    names = {match["name"] for match in TARGET.finditer(written)}
    names |= {match["name"] for match in AUTOSCALE.finditer(written.replace("\\\n", " "))}
    for match in SCALER.finditer(subject.text):
        names.add(re.sub(r"[-_](?:hpa|scaler|scaledobject|so)$", "", match["name"]))
    speaking = (line for line in subject.lines if LIKELY.search(line))
    spoken = "\n".join(line for line in speaking if not PROPOSES.search(line))
    for match in PROSE.finditer(spoken):
        word = (match["name"] or match["of"] or match["by"] or "").lower()
        names |= {word, word.removesuffix("s")}
    return frozenset(names - {"", "cluster", "the", "be", "is", "to"})


def lines_of_proposals(subject: model.Subject) -> Iterator[int]:
    """The lines of the blocks whose lead-in only proposes what they hold."""
    prose = dict(facts.prose(subject))
    for block in subject.runbook.blocks:
        above = (prose.get(number, "") for number in range(block.line - 1, block.line - 4, -1))
        if PROPOSES.search(next((text for text in above if text.strip()), "")):
            yield from range(block.line, block.end_line + 1)


RULE = model.Rule(
    id="meaning/scale-fights-autoscaler",
    severity=model.Severity.WARNING,
    summary="A workload scaled by hand that an autoscaler scales as well.",
    why="The autoscaler sets its own number again at its next look: the extra capacity is gone "
    "while everybody believes it is there.",
    fix="Raise the autoscaler's minimum (`kubectl patch hpa … minReplicas`, KEDA "
    "`minReplicaCount`), or pause it first.",
    example=model.Example(
        bad="```bash\nkubectl autoscale deployment/desk --min=2 --max=8\n"
        "kubectl scale deployment/desk --replicas=6\n```\n",
        good="```bash\nkubectl autoscale deployment/desk --min=2 --max=8\n"
        'kubectl patch hpa desk -p \'{"spec":{"minReplicas":6}}\'\n```\n',
    ),
    check=check,
)
