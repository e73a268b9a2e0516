"""A workload scaled by hand that an autoscaler scales as well."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

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
PAUSED = lazy.pattern(
    r"autoscaling\.keda\.sh/paused|\bdelete\s+(?:hpa|scaledobject)|\bpause\w*\b.*\bautoscal"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`kubectl scale` of something that the document says is autoscaled."""
    scaled: frozenset[str] | None = None
    for found in facts.found(subject):
        command = found.command
        if command.tool not in {"kubectl", "oc"} or command.path != ("scale",):
            continue
        if facts.flag(command, "--replicas") == "0":
            continue
        if scaled is None:
            scaled = autoscaled(subject)
        name = target(command.operands)
        if name in scaled and not PAUSED.search(facts.text_of(subject, found.procedure)):
            yield hits.of_command(
                found,
                f"An autoscaler owns the replicas of `{name}`, and takes this number back within "
                "seconds.",
            )


def target(operands: tuple[str, ...]) -> str:
    """The name of what is scaled."""
    if not operands:
        return ""
    kind, slash, name = operands[0].partition("/")
    return name if slash else (operands[1] if len(operands) > 1 else kind)


def autoscaled(subject: model.Subject) -> frozenset[str]:
    """The names of what the document says an autoscaler scales."""
    names = {match["name"] for match in TARGET.finditer(subject.text)}
    names |= {match["name"] for match in AUTOSCALE.finditer(subject.text.replace("\\\n", " "))}
    for match in SCALER.finditer(subject.text):
        names.add(re.sub(r"[-_](?:hpa|scaler|scaledobject|so)$", "", match["name"]))
    spoken = "\n".join(line for line in subject.lines if LIKELY.search(line))
    for match in PROSE.finditer(spoken):
        word = (match["name"] or match["of"] or match["by"] or "").lower()
        names |= {word, word.removesuffix("s")}
    return frozenset(names - {"", "cluster", "the", "be", "is", "to"})


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
