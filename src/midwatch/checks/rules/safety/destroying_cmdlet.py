"""Something is lost on Windows, and nothing before it warns, shows or rehearses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

WINDOWS = frozenset({"powershell", "pwsh", "ps1", "cmd", "bat", "batch", "dos"})
DESTROYS = lazy.pattern(
    r"\b(?:Remove-Item\b(?=[^|;\n]*-Recurse\b)"
    r"|Remove-(?:VM|VHD|Partition|Mailbox|Database|AD(?:User|Group|Computer|Object|OrganizationalUnit)"
    r"|Az(?:ResourceGroup|VM|Disk|StorageAccount|SqlDatabase|KeyVault))\b"
    r"|Format-Volume\b|Clear-Disk\b|Initialize-Disk\b|Clear-RecycleBin\b"
    r"|(?:rd|rmdir)\s+/s\b|del\s+(?:/\w\s+)*/s\b|vssadmin\s+delete\b|wbadmin\s+delete\b"
    r"|robocopy\b(?=[^|;\n]*\s/(?:MIR|PURGE)\b))",
    re.IGNORECASE,
)
GUARDED = lazy.pattern(
    r"-WhatIf\b|-Confirm\b(?!:\$false)|\s/L\b|\bback(?:ed)?[\s-]?up|snapshot|caution|warning|danger"
    r"|cannot be undone|make sure|double.check|confirm\b",
    re.IGNORECASE,
)
THROWN_AWAY = lazy.pattern(r"\\(?:te?mp|cache|inetcache)\b|\$env:te?mp\b|%te?mp%", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`Remove-Item -Recurse`, `Format-Volume`, `robocopy /MIR` without a word or a rehearsal."""
    for block in subject.runbook.blocks:
        marked = {block.tag.lower(), block.language}
        if not marked & WINDOWS and "robocopy" not in block.text.lower():
            continue
        for number, line in facts.block_lines(subject, block):
            destroys = DESTROYS.search(line)
            if destroys is None or line.lstrip().startswith(("#", "::", "rem ")):
                continue
            if not THROWN_AWAY.search(line) and not GUARDED.search(before(subject, number)):
                yield model.Hit(
                    number,
                    f"`{hits.short(line.strip(), 50)}` cannot be taken back, and nothing before it "
                    "warns, rehearses or saves.",
                    column=destroys.start() + 1,
                    end_column=len(line) + 1,
                )


def before(subject: model.Subject, line: int) -> str:
    """The section's lines up to one, that one included."""
    first = max((h.line for h in subject.runbook.headings if h.line <= line), default=1)
    return "\n".join(subject.line(number) for number in range(first, line + 1))


RULE = model.Rule(
    id="safety/destroying-cmdlet",
    severity=model.Severity.WARNING,
    summary="Something is lost on Windows, and nothing before it warns, rehearses or saves.",
    why="The path is one letter off or a variable is empty, and there is no way back: what "
    "PowerShell removes does not go to the recycle bin.",
    fix="Run it with `-WhatIf` first (robocopy: `/L`), and say what is lost.",
    example=model.Example(
        bad="```powershell\nRemove-Item -Recurse -Force E:\\Lanes\\Archive\\*\n```\n",
        good="```powershell\nRemove-Item -Recurse -WhatIf E:\\Lanes\\Archive\\*\n"
        "Remove-Item -Recurse -Force E:\\Lanes\\Archive\\*\n```\n",
    ),
    check=check,
)
