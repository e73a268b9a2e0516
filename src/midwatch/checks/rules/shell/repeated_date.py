"""The time asked for again and again, where the same name is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

ASKED = lazy.pattern(r"(?P<stem>[\w.-]*)(?:\$\(\s*date|`date)\s+(?P<form>[^)`]*)")
KEPT = lazy.pattern(r"^\s*(?:export\s+)?\w+=")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`$(date …)` of the same form several times in one block; a name with the time, lost."""
    for _, lines in sentences.blocks(subject, "date"):
        seen: dict[tuple[str, str], list[sentences.Sentence]] = defaultdict(list)
        for sentence in lines:
            if KEPT.match(sentence.bare):
                continue
            for now in ASKED.finditer(sentence.text):
                seen[now["stem"], now["form"]].append(sentence)
        for (_, form), where in seen.items():
            if len(where) > 1 and where[0].line != where[-1].line:
                yield model.Hit(
                    where[0].line,
                    f"`$(date {form})` is asked {len(where)} times for what must be one name.",
                    column=where[0].column,
                    end_line=where[-1].end_line,
                )


RULE = model.Rule(
    id="shell/repeated-date",
    severity=model.Severity.INFO,
    summary="The time asked for again where the same name is meant.",
    why="Around midnight, or when the step takes longer than the format is fine, the second name "
    "is "
    "another file: the upload fails, or takes an old one.",
    fix="Ask once: `NOW=$(date +%Y%m%d)`, and use `$NOW`.",
    example=model.Example(
        bad="```bash\npg_dump desk > desk-$(date +%F).sql\ngzip desk-$(date +%F).sql\n```\n",
        good="```bash\nNOW=$(date +%F)\npg_dump desk > desk-$NOW.sql\ngzip desk-$NOW.sql\n```\n",
    ),
    check=check,
)
