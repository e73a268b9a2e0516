"""A dump read with the tool for the other format."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

MAKES = lazy.pattern(
    r"\bpg_dump(?P<flags>\s[^|>]*)(?:>|\s-f\s*|--file[= ])\s*(?P<file>[\w./${}()+%-]+\.\w+)"
)
CUSTOM = lazy.pattern(r"\s-F\s*[ctd]\b|--format[= ]?(?:custom|c|tar|t|directory|d)\b|\s-\w*Fc")
RESTORES = lazy.pattern(
    r"\bpg_restore\b[^|;&]*?\s(?P<file>[\w./${}-]+\.(?:sql|dump|bak|backup|pgdump)(?:\.gz)?)\b"
)
READS = lazy.pattern(r"\bpsql\b[^|;&]*(?:<|\s-f)\s*(?P<file>[\w./${}-]+\.(?:dump|pgdump|custom))\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`pg_restore` of plain SQL, and psql with what `pg_dump -Fc` wrote."""
    formats: dict[str, bool] = {}
    for sentence in sentences.every(subject, "pg_dump", "pg_restore", "psql"):
        made = MAKES.search(sentence.words)
        if made:
            formats[suffix(made["file"])] = bool(CUSTOM.search(made["flags"]))
    for sentence in sentences.every(subject, "pg_dump", "pg_restore", "psql"):
        restores = RESTORES.search(sentence.words)
        if restores:
            plain = restores["file"].endswith((".sql", ".sql.gz"))
            if plain and formats.get(suffix(restores["file"])) is not True:
                yield sentences.hit(
                    sentence,
                    f"`{restores['file']}` is plain SQL, and pg_restore refuses it: “input file "
                    "appears to be a text format dump”.",
                )
        reads = READS.search(sentence.words)
        if reads and formats.get(suffix(reads["file"])) is True:
            yield sentences.hit(
                sentence, f"`{reads['file']}` was made with `-Fc`, and psql cannot read that."
            )


def suffix(name: str) -> str:
    """What tells the files of a document apart: the ending of the name."""
    return name.removesuffix(".gz").rpartition(".")[2]


RULE = model.Rule(
    id="meaning/dump-format",
    severity=model.Severity.ERROR,
    summary="A dump read with the tool for the other format.",
    why="The restore fails at its first byte, when everything hangs on it.",
    fix="Plain SQL goes to `psql -1 -v ON_ERROR_STOP=1 -f FILE`, `pg_dump -Fc` files go to "
    "`pg_restore`.",
    example=model.Example(
        bad="```bash\npg_dump desk > desk.sql\npg_restore -d desk desk.sql\n```\n",
        good="```bash\npg_dump -Fc desk > desk.dump\npg_restore -d desk desk.dump\n```\n",
    ),
    check=check,
)
