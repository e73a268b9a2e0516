"""What a part of a pipeline prints, where that is plain: `echo text`, `cat file`, `cat <<EOF`."""

from __future__ import annotations

from collections.abc import Sequence

from midwatch.commands import judging, vocabulary, words

COPIERS = vocabulary.of("cat zcat bzcat xzcat zstdcat gunzip gzip bunzip2 unxz unzstd zstd pv tac")
UNPACKERS = COPIERS - {"cat", "pv", "tac"}
DUMPERS = vocabulary.of("pg_dump pg_dumpall pg_restore mysqldump mariadb-dump mongodump sqlite3")
KNOWN = COPIERS | DUMPERS | {"echo", "printf"}
ECHO_FLAGS = frozenset({"-n"})
CHANGED_BY_PRINTF = frozenset("%\\")


def printed(
    name: str, arguments: Sequence[words.Argument], supply: judging.Supply | None
) -> judging.Supply:
    """What the next part of the pipeline reads; without text where it cannot be known."""
    if any(argument.many for argument in arguments):
        return judging.Supply()
    texts = [argument.pattern for argument in arguments]
    if name in COPIERS:
        return _copied(name, [text for text in texts if not text.startswith("-")], supply)
    if name in DUMPERS:
        return judging.Supply(None, f"the dump that {name} makes")
    if name == "echo":
        return judging.Supply(_echoed(texts))
    if name == "printf" and len(texts) == 1 and not CHANGED_BY_PRINTF & set(texts[0]):
        return judging.Supply(texts[0])
    return judging.Supply()


def _copied(name: str, files: Sequence[str], supply: judging.Supply | None) -> judging.Supply:
    if files:
        return judging.Supply(None, files[0].replace(words.HOLE, "…"))
    if name in UNPACKERS:
        return judging.Supply(None, (supply.name if supply else "") or "an archive")
    if supply is None:
        return judging.Supply()
    return supply if name == "cat" else judging.Supply(None, supply.name)


def _echoed(texts: Sequence[str]) -> str | None:
    """What echo prints; backslashes and `-e` make it another text."""
    rest = list(texts)
    while rest and rest[0] in ECHO_FLAGS:
        rest.pop(0)
    if any("\\" in text for text in rest) or (rest and rest[0] in {"-e", "-ne", "-en", "-E"}):
        return None
    return " ".join(rest)
