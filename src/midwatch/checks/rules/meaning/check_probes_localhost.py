"""A health check that asks this machine about what was deployed elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

LOCAL = lazy.pattern(r"https?://(?:localhost|127\.0\.0\.1)\b")
DEPLOYS = lazy.pattern(
    r"\bkubectl\s+(?:patch|set|apply|rollout|scale)\b|\bhelm\s+(?:upgrade|install)\b|\bkubectl\b.*\bimage"
)
FORWARDS = lazy.pattern(r"port-forward|BASE_URL=|--url|\bssh\s+-L")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A script of this document that probes localhost, called to judge a rollout."""
    probes = {
        script.name.rsplit("/", 1)[-1]: script
        for script in subject.runbook.scripts
        if LOCAL.search(script.text) and "kubectl" not in script.text
    }
    if not probes:
        return
    for _, lines in sentences.read(subject):
        text = "\n".join(sentence.text for sentence in lines)
        if not DEPLOYS.search(text) or FORWARDS.search(text):
            continue
        if not re.search(r"\bkubectl\s+(?:patch|set\s+image|apply)\b|\bhelm\s+upgrade\b", text):
            continue
        for sentence in lines:
            words = sentence.text.split()
            name = words[0].rsplit("/", 1)[-1] if words else ""
            if name in probes:
                yield sentences.hit(
                    sentence,
                    f"`{name}` (line {probes[name].line}) asks localhost, and the new version runs "
                    "in the cluster.",
                )


RULE = model.Rule(
    id="meaning/check-probes-localhost",
    severity=model.Severity.WARNING,
    summary="A health check that asks this machine about what runs elsewhere.",
    why="It answers for whatever listens here, or for nothing; traffic is switched to a version "
    "that nobody has looked at.",
    fix="Ask the new pods: `kubectl exec`, `kubectl port-forward`, or an address given to the "
    "check.",
    example=model.Example(
        bad="```bash\n#!/bin/bash\n# probe.sh\ncurl -sf http://localhost:8080/health\n```\n\n"
        "```bash\nkubectl set image deployment/desk desk=desk:8\n./probe.sh\n```\n",
        good="```bash\nkubectl set image deployment/desk desk=desk:8\n"
        "kubectl exec deployment/desk -- curl -sf http://localhost:8080/health\n```\n",
    ),
    check=check,
)
