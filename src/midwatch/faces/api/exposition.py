"""Prometheus' text format: a handful of numbers need no library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from midwatch.app import vitals

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def text(measured: Sequence[vitals.Metric]) -> str:
    """All of them as Prometheus reads them."""
    lines: list[str] = []
    for each in measured:
        lines += [f"# HELP {each.name} {each.help}", f"# TYPE {each.name} {each.kind}"]
        lines += [f"{each.name}{_labels(labels)} {value:.17g}" for labels, value in each.values]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    inside = ",".join(f'{name}="{_quoted(value)}"' for name, value in labels.items())
    return "{" + inside + "}"


def _quoted(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
