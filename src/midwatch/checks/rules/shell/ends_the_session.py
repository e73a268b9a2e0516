"""Commands that close the terminal they are pasted into, or that come after a reboot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

LEAVES = lazy.pattern(r"^(?:exit\s+\d+|set\s+-\w*e\w*(?:\s+-o\s+\w+|\s+pipefail)*)\s*(?:#.*)?$")
BOOTS = lazy.pattern(
    r"^(?:sudo\s+)?(?:reboot|poweroff|halt|shutdown\s+-[rh]\s+now|init\s+[06]|systemctl\s+reboot)\b"
)
READS = lazy.pattern(r"^read\s+(?:-\w+\s+)*(?:\"[^\"]*\"\s+|'[^']*'\s+)?\w+")
OPENED = lazy.pattern(
    r"^(?:\(|(?:kubectl|docker|oc|ssh|su|sudo\s+(?:-i|su|-s)|chroot|bash|sh|screen|tmux)\b)"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`exit` and `set -e` to be pasted, `reboot` and `read` above more commands."""
    for block, lines in sentences.read(subject):
        if block.role == "script" or "#!" in block.text or re.search(r"\w+\(\)", block.text):
            continue
        opened = False
        for at, sentence in enumerate(lines):
            last = at == len(lines) - 1
            if BOOTS.match(sentence.bare) and not last:
                yield sentences.hit(
                    sentence, "The machine goes down here; what stands below runs on no machine."
                )
            elif READS.match(sentence.text) and not last and "<" not in sentence.bare:
                yield sentences.hit(
                    sentence, "Pasted, `read` takes the next line of the block for the answer."
                )
            elif LEAVES.match(sentence.bare) and not opened and not last:
                yield sentences.hit(
                    sentence,
                    f"Pasted, `{sentence.words}` closes the terminal, here or at the next failure.",
                )
            opened = opened or bool(OPENED.match(sentence.bare))


RULE = model.Rule(
    id="shell/ends-the-session",
    severity=model.Severity.INFO,
    summary="A block that closes the terminal it is pasted into.",
    why="The window is gone with its history, in the middle of the procedure.",
    fix="Put it into a script, or into brackets: `( set -e; … )`.",
    example=model.Example(
        bad="```bash\nset -euo pipefail\nsorterctl drain\nsorterctl stop\n```\n",
        good="```bash\n(\n  set -euo pipefail\n  sorterctl drain\n  sorterctl stop\n)\n```\n",
    ),
    check=check,
)
