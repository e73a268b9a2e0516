"""A rule in the terminal's words: what it finds, why it matters, what to write."""

from __future__ import annotations

import textwrap

from midwatch.checks import registry

WIDTH = 80


def text(name: str) -> str:
    """The explanation of the rule of that id."""
    rule = registry.find(name)
    parts = [
        f"{rule.id} ({rule.severity})",
        wrapped(rule.summary),
        f"Why: {rule.why}",
        "Instead of:\n\n" + textwrap.indent(rule.example.bad.rstrip(), "    "),
        "Write:\n\n" + textwrap.indent(rule.example.good.rstrip(), "    "),
        wrapped(rule.fix),
        f"When it may be wrong: {rule.doubt}" if rule.doubt else "",
        f"Silence it with\n\n    <!-- midwatch: ignore {rule.id} -- your reason -->",
    ]
    return "\n\n".join(wrapped(part) for part in parts if part) + "\n"


def wrapped(part: str) -> str:
    """Prose within the page's width; what has its own lines keeps them."""
    if "\n" in part:
        return part
    return textwrap.fill(part, WIDTH, break_long_words=False, break_on_hyphens=False)
