"""A command that only one kind of machine has."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

ONLY = lazy.pattern(r"^(?P<tool>open|pbcopy|pbpaste|xdg-open|start)\s+(?:https?://|-a\b|\S+\.html)")

WINDOWS = lazy.pattern(
    r"^(?P<tool>robocopy|xcopy|ipconfig|icacls|schtasks|wmic|iisreset|repadmin|dcdiag|gpupdate|taskkill|tasklist"
    r"|(?:Get|Set|Start|Stop|Restart|Remove|New|Test|Invoke|Enable|Disable)-[A-Z][A-Za-z]+)(?=\s|$)"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`open https://…`, which only macOS knows; what only Windows knows in a block for bash."""
    for block, lines in sentences.read(subject):
        for sentence in lines if block.tag.lower() in {"bash", "sh", "shell", "zsh"} else ():
            windows = WINDOWS.match(sentence.text)
            if windows:
                yield dataclasses.replace(
                    sentences.hit(
                        sentence,
                        f"`{windows['tool']}` is for Windows, and the block says `{block.tag}`.",
                        fix="Mark the block ```` ```powershell ````, and say on which machine.",
                    ),
                    severity=model.Severity.WARNING,
                )
    for sentence in sentences.every(subject, "open", "pbcopy", "pbpaste", "start"):
        only = ONLY.match(sentence.text)
        if only:
            yield sentences.hit(
                sentence,
                f"`{only['tool']}` exists on one kind of machine, and opens a browser there.",
            )


RULE = model.Rule(
    id="meaning/platform-specific",
    severity=model.Severity.INFO,
    summary="A command that only one kind of machine has.",
    why="On the jump host there is neither the command nor a browser.",
    fix="Give the address as a link, and what to look for there.",
    example=model.Example(
        bad="```bash\nopen https://desk.test/admin\n```\n",
        good="Open <https://desk.test/admin> and look for red lanes.\n",
    ),
    check=check,
)
