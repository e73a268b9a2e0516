"""A view that is there only where its extension is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model

VIEWS = ("pg_stat_statements", "pg_buffercache", "pgstattuple")
VIEW = lazy.pattern(rf"\bFROM\s+(?P<name>{'|'.join(VIEWS)})\b", re.IGNORECASE)
MADE = lazy.pattern(r"CREATE EXTENSION|shared_preload_libraries|\bextension\b", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`pg_stat_statements` in a document that never speaks of the extension."""
    if not any(name in subject.text for name in VIEWS) or MADE.search(subject.text):
        return
    for number, line in enumerate(subject.lines, 1):
        view = VIEW.search(line)
        if view:
            yield model.Hit(
                number,
                f"`{view['name']}` is an extension, and nothing here says that it is installed.",
                column=view.start("name") + 1,
                end_column=view.end("name") + 1,
            )


RULE = model.Rule(
    id="meaning/extension-required",
    severity=model.Severity.INFO,
    summary="A view that is there only where its extension is installed.",
    why="“relation does not exist”, and installing it needs a restart of the server, now.",
    fix="Say that it must be installed (`shared_preload_libraries`, `CREATE EXTENSION`), and since "
    "which version.",
    example=model.Example(
        bad="```sql\nSELECT query FROM pg_stat_statements LIMIT 5;\n```\n",
        good="The extension pg_stat_statements is installed.\n\n"
        "```sql\nSELECT query FROM pg_stat_statements LIMIT 5;\n```\n",
    ),
    check=check,
)
