"""An answer that may be empty, compared as if it were a number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

ASKS = lazy.pattern(
    r"(?P<name>[A-Za-z_]\w*)=\$\(.*\bjq\b\s+(?:-\w+\s+)*(?P<filter>'[^']*'|\"[^\"]*\")", re.DOTALL
)
SAFE = lazy.pattern(r"//|\berror\b|\bempty\b|\blength\b|\bhalt_error\b")
CALCULATES = r"\$\{{?{name}\b\}}?\s*[<>]=?.*\bbc\b|\bbc\b.*\${name}|\bawk\b.*\${name}"
TESTS = (
    r"\$\{{?{name}\}}?\"?\s*(?:==?|!=)\s*\"?(?:null)?\"?|-[zn]\s+\"?\$\{{?{name}|\$\{{{name}:[-?]"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A value from jq that goes to bc or awk without a look at `null`."""
    for block, lines in sentences.blocks(subject, "jq"):
        for at, sentence in enumerate(lines):
            asks = ASKS.search(sentence.text)
            if not asks or SAFE.search(asks["filter"]):
                continue
            name = asks["name"]
            if re.search(TESTS.format(name=name), block.text):
                continue
            uses = re.compile(CALCULATES.format(name=name))
            used = next((s for s in lines[at + 1 :] if uses.search(s.text)), None)
            if used:
                yield model.Hit(
                    used.line,
                    f"When nothing was measured, `{name}` is `null`, which bc takes for 0: no data "
                    "passes as no errors.",
                    column=used.column,
                    fix=f'Stop first: `[ "${name}" != null ] && [ -n "${name}" ] || exit 1`.',
                )


RULE = model.Rule(
    id="meaning/null-compared",
    severity=model.Severity.ERROR,
    summary="An answer that may be empty, compared as a number.",
    why="A canary without traffic, or a metric that was renamed, reads as zero errors and is "
    "promoted.",
    fix="Test for `null` and for nothing before comparing, and stop.",
    example=model.Example(
        bad="```bash\nRATE=$(curl -s $API | jq -r '.data.result[0].value[1]')\n"
        'if (( $(echo "$RATE < 0.05" | bc -l) )); then promote.sh; fi\n```\n',
        good="```bash\nRATE=$(curl -s $API | jq -er '.data.result[0].value[1] // error')\n"
        'if (( $(echo "$RATE < 0.05" | bc -l) )); then promote.sh; fi\n```\n',
    ),
    check=check,
)
