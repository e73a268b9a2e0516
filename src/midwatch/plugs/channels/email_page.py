"""How a mail looks: plain text for every reader, and a small page that needs no pictures."""

from __future__ import annotations

import html

from midwatch.incidents import messages
from midwatch.plugs.channels import wording

COLOURS = {
    messages.Kind.PAGE: "#b3261e",
    messages.Kind.REMINDER: "#b26a00",
    messages.Kind.UPDATE: "#1f5fa8",
    messages.Kind.STANDING: "#1f5fa8",
    messages.Kind.TEST: "#5f6368",
    messages.Kind.NOTICE: "#5f6368",
}
RESOLVED = "#1e7d43"
PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title></head>
<body style="margin:0;padding:16px;\
font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<div style="max-width:560px;margin:0 auto;border:1px solid #d0d4da;border-top:4px solid {colour};\
border-radius:6px;padding:20px 24px">
<h1 style="margin:0 0 8px;font-size:19px;line-height:1.3">{title}</h1>
{body}</div>
</body></html>
"""


def text(words: wording.Words) -> str:
    """The mail as text."""
    width = max((len(name) for name, _ in words.facts), default=0) + 2
    facts = "\n".join(f"{name + ':':<{width}}{value}" for name, value in words.facts)
    parts = [words.headline, words.lead, facts, "\n".join(f"  {line}" for line in words.lines)]
    ways = [f"Open:   {words.link}"] if words.link else []
    ways += [f"Answer: {words.answer}"] if words.answer else []
    return "\n\n".join(part for part in [*parts, "\n".join(ways)] if part) + "\n"


def page(words: wording.Words, message: messages.Message) -> str:
    """The mail as a page; every word of an alert is escaped."""
    over = message.body.get("status") == "resolved"
    parts = [
        f'<p style="margin:0 0 16px">{_safe(words.lead)}</p>' if words.lead else "",
        _table(words.facts),
        _lines(words.lines),
        _ways(words),
    ]
    return PAGE.format(
        title=_safe(words.headline),
        colour=RESOLVED if over else COLOURS[message.kind],
        body="\n".join(part for part in parts if part),
    )


def _table(facts: tuple[tuple[str, str], ...]) -> str:
    rows = "\n".join(
        f'<tr><td style="padding:2px 16px 2px 0;opacity:.7;white-space:nowrap;vertical-align:top">'
        f'{_safe(name)}</td><td style="padding:2px 0">{_safe(value)}</td></tr>'
        for name, value in facts
    )
    return (
        f'<table style="border-collapse:collapse;margin:0 0 16px">\n{rows}\n</table>'
        if rows
        else ""
    )


def _lines(lines: tuple[str, ...]) -> str:
    if not lines:
        return ""
    shown = "\n".join(_safe(line) for line in lines)
    return (
        '<pre style="margin:0 0 16px;padding:10px 12px;border:1px solid #d0d4da;border-radius:4px;'
        f'font-size:13px;white-space:pre-wrap;word-break:break-word">{shown}</pre>'
    )


def _ways(words: wording.Words) -> str:
    made = ""
    if words.link:
        made += (
            f'<p style="margin:0 0 12px"><a href="{_safe(words.link)}" style="display:inline-block;'
            "padding:9px 18px;border-radius:4px;background:#1f5fa8;color:#ffffff;"
            'text-decoration:none;font-weight:600">Open the incident</a></p>'
        )
    if words.answer:
        made += (
            f'<p style="margin:0;opacity:.8">At a terminal: <code>{_safe(words.answer)}</code></p>'
        )
    return made


def _safe(value: str) -> str:
    return html.escape(value, quote=True)
