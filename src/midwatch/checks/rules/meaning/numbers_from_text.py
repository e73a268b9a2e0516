"""A number compared that may be empty, a dash or a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

TAKES = lazy.pattern(r"^(?P<name>[A-Za-z_]\w*)=\$\(.*\|", re.DOTALL)
COMPARES = r"\[\s+\"?\$\{{?{name}\}}?\"?\s+-(?:gt|lt|ge|le|eq|ne)\s"
KEPT = r"\$\{{{name}:[-=?]|-[nz]\s+\"?\$\{{?{name}"
ALWAYS = lazy.pattern(r"\bwc\s+-l\b|\bgrep\s+-c\b|\bcount\b|END\s*\{|\bdate\s+\+%s|\becho\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`[ "$X" -gt 5 ]` on what a pipe printed, or did not."""
    for block, lines in sentences.blocks(subject, "$("):
        for at, sentence in enumerate(lines):
            takes = TAKES.match(sentence.text)
            if not takes or ALWAYS.search(sentence.text):
                continue
            name = takes["name"]
            test = re.compile(COMPARES.format(name=name))
            if re.search(KEPT.format(name=name), block.text):
                continue
            after = next((s for s in lines[at + 1 :] if test.search(s.text)), None)
            if after:
                yield model.Hit(
                    sentence.line,
                    f"`{name}` is compared as a number on line {after.line}, and may be empty or "
                    "no "
                    "number at all.",
                    column=sentence.column,
                    end_line=after.line,
                )


RULE = model.Rule(
    id="meaning/numbers-from-text",
    severity=model.Severity.INFO,
    summary="A number compared that may be empty or no number.",
    why='`[ "" -gt 5 ]` is an error and counts as no: the alert stays silent exactly when nothing '
    "could be measured.",
    fix="Test for a number first, and say so aloud when there is none.",
    example=model.Example(
        bad="```bash\nJAMS=$(sorterctl stats | awk '/jams/ {print $2}')\n"
        'if [ "$JAMS" -gt 5 ]; then page; fi\n```\n',
        good="```bash\nJAMS=$(sorterctl stats | awk '/jams/ {print $2}')\n"
        'if [ "${JAMS:?no figure}" -gt 5 ]; then page; fi\n```\n',
    ),
    check=check,
)
