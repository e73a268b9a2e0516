"""Names for findings that survive when lines move, for baselines and for code scanning."""

from __future__ import annotations

import collections
import dataclasses
import hashlib
from collections.abc import Iterable

from midwatch.checks import model


def number(findings: Iterable[model.Finding]) -> list[model.Finding]:
    """The findings with fingerprints: rule, file and the faulty line's words, and its turn."""
    seen: collections.Counter[str] = collections.Counter()
    named = []
    for finding in findings:
        words = " ".join((finding.source or finding.message).split())
        key = f"{finding.rule}\0{finding.path}\0{words}"
        turn, seen[key] = seen[key], seen[key] + 1
        digest = hashlib.sha256(f"{key}\0{turn}".encode("utf-8", "surrogatepass")).hexdigest()[:20]
        named.append(dataclasses.replace(finding, fingerprint=digest))
    return named
