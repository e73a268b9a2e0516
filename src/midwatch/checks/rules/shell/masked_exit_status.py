"""A test of `$?` that sees the last command of a pipe, and not the one that matters."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import hits, model, sentences

STATUS = lazy.pattern(r"\$\?|\$\{\?\}")
PIPE = lazy.pattern(r"(?<!\|)\|(?!\|)")
TESTS = lazy.pattern(
    r"^\s*(?:sudo\s+)?(?:[ef]?grep|zgrep|test|\[|diff|cmp|jq\s+(?:-\w+\s+)*(?:-\w*e|--exit-status))\b"
)
"""Commands at the end of a pipe whose own answer is what is asked for."""
SPEAKS = lazy.pattern(r"^\s*(?:echo|printf|date|log)\b")
SET = lazy.pattern(r"\bset\b.*\bpipefail\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`$?` right after a pipeline, or after a command that only speaks."""
    for _, lines in sentences.read(subject):
        safe = False
        before: sentences.Sentence | None = None
        for sentence in lines:
            safe = safe or bool(SET.search(sentence.bare))
            tested = STATUS.search(sentence.text)
            if tested and before is not None and not safe:
                yield from judged(before, sentence)
            before = sentence


def judged(before: sentences.Sentence, test: sentences.Sentence) -> Iterator[model.Hit]:
    """What the test really tests."""
    pipes = list(PIPE.finditer(before.bare))
    if (
        pipes
        and not TESTS.match(before.bare[pipes[-1].end() :])
        and "PIPESTATUS" not in test.text
        and not before.bare.rstrip().endswith(("do", "then"))
    ):
        first = hits.short(before.text[: pipes[0].start()], 40)
        last = hits.short(before.text[pipes[-1].end() :].partition(">")[0], 20)
        yield model.Hit(
            before.line,
            f"`$?` on line {test.line} is the status of `{last}`; when `{first}` fails, nobody "
            "is told.",
            column=before.column,
            end_line=test.line,
        )
    elif SPEAKS.match(before.bare):
        yield sentences.hit(
            test, f"`$?` is the status of `{hits.short(before.text, 30)}` on the line before."
        )


RULE = model.Rule(
    id="shell/masked-exit-status",
    severity=model.Severity.ERROR,
    summary="A test of `$?` that looks at the wrong command.",
    why="A pipe ends with the status of its last command: a dump that failed is reported as a good "
    "backup, until somebody needs it.",
    fix="Write `set -o pipefail` first, or test `${PIPESTATUS[0]}`.",
    example=model.Example(
        bad="```bash\nmysqldump tickets | gzip > t.gz\nif [ $? -eq 0 ]; then echo saved; fi\n```\n",
        good="```bash\nset -o pipefail\nif mysqldump tickets | gzip > t.gz; then echo saved; fi\n"
        "```\n",
    ),
    check=check,
)
