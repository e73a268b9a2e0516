"""The holes that documents leave in commands, in every style people write them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

from midwatch.base import lazy, shape
from midwatch.commands import model as commands
from midwatch.runbook import printed

ANGLE = lazy.pattern(r"<(?P<name>[A-Za-z][\w .:/|'-]{0,60}?)>")
ERB = lazy.pattern(r"<%.*?%>", re.DOTALL)
TAGS = frozenset(
    [
        "a",
        "b",
        "br",
        "p",
        "i",
        "u",
        "em",
        "strong",
        "code",
        "pre",
        "div",
        "span",
        "ul",
        "ol",
        "li",
        "td",
        "tr",
        "th",
        "table",
        "img",
        "hr",
        "sub",
        "sup",
        "kbd",
        "details",
        "summary",
        "html",
        "body",
        "head",
        "h1",
        "h2",
        "h3",
        "h4",
        "eof",
        "stdin",
    ]
)
DOUBLE = lazy.pattern(r"\{\{\s*(?P<name>[A-Za-z][\w-]{1,40}(?:\.[\w-]+)*)\s*\}\}")
YOURS = lazy.pattern(
    r"(?<![\w./$-])(?P<name>(?:YOUR|MY|THE)_[A-Z0-9_]{2,60}|(?:your|my)-[a-z0-9]+(?:-[a-z0-9]+)*|(?:your|my)_[a-z0-9_]+)(?![\w=])"
)
CHANGE = lazy.pattern(
    r"(?<![\w$])(?P<name>CHANGE_?ME|REPLACE_?ME|REPLACE_WITH_\w+|TODO|FIXME|INSERT_\w+_HERE|\w+_GOES_HERE)(?!\w)"
)
CROSSES = lazy.pattern(
    r"(?<![\w$-])(?P<name>[A-Za-z0-9][\w]*(?:-[\w]+)*?[-_][xX]{3,}(?:-[xX]{3,})*|[xX]{4,}(?:-[xX]{3,})*)(?![\w-])"
)
ELLIPSIS = lazy.pattern(r"(?<=[\s=:/\"'])(?P<name>\.\.\.|\u2026)(?=[\s\"']|$)")
CAPITALS = lazy.pattern(
    r"(?<![\w$.{<%-])(?P<name>(?:NEW|OLD|MY|THE|SOME|CURRENT|TEMP)_[A-Z0-9_]{2,40}|[A-Z][A-Z0-9_]*_(?:VALUE|HERE|PLACEHOLDER))(?![\w=}(])"
)
SECRET = lazy.pattern(
    r"(?<=:)(?P<name>[A-Z]*(?:PASSWORD|PASS|SECRET|TOKEN)|password|pass|secret)(?=@)"
)
USER = lazy.pattern(r"(?<=://)(?P<name>user(?:name)?|USER(?:NAME)?)(?=[:@])")
AT_HOST = lazy.pattern(r"(?<=@)(?P<name>(?:[\w]+-)?host(?:name)?|HOST(?:NAME)?)(?=[:/\"'\s])")
AT_DATABASE = lazy.pattern(r"(?<=\d/)(?P<name>db|dbname|database|mydb|DATABASE|DB)(?=[\s\"'?]|$)")
SERVICE_PORT = lazy.pattern(
    r"(?<=://)(?P<name>(?:service|host|hostname|server|node|pod|ip):port)(?=[/\s\"'?]|$)"
)
FLAGGED = lazy.pattern(
    r"(?<=\s)(?:-h\s+|--host[= ])(?P<host>(?:[a-z]+-)?host(?:name)?)(?=\s"
    r"|$)|(?<=\s)(?:-U\s+|-u\s+|--user(?:name)?[= ])(?P<user>user(?:name)?)(?=\s"
    r"|$)"
    r"|(?<=\s)(?:-d\s+|--dbname[= ]|--database[= ])(?P<database>database"
    r"|dbname|db|mydb)(?=\s|$)|(?<=\s)(?:-p\s+|--port[= ])(?P<port>port)(?=\s"
    r"|$)"
)
OPERANDS = lazy.pattern(r"(?<=\s)(?P<host>host|hostname)\s+(?P<port>port)(?=\s|$)")
BUCKET = lazy.pattern(r"(?<=s3://|gs://)(?P<name>(?:[a-z]+-)?bucket(?:-name)?)(?=[/\s\"']|$)")
EXAMPLE = lazy.pattern(
    r"(?<![\w.-])(?P<name>(?:[\w.+-]+@)?(?:[a-z0-9-]+\.)*example\.(?:com|org|net))(?![\w-])|(?<=://)(?P<other>(?:[a-z0-9-]+\.)*your-?(?:domain|company|org)\.\w+)"
)
DATED = lazy.pattern(
    r"(?<=[-_.\w/])(?<!\d)(?P<name>20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[_-]\d{4,6})?)(?!\d)|(?<![\d:])(?P<moment>20\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?)(?![\d:])"
)
REVISION = lazy.pattern(
    r"--to-revision[= ](?P<name>\d+)\b|\bhelm\s+rollback\s+[\w-]+\s+(?P<other>\d+)\b"
)
SAMPLE = lazy.pattern(
    r"(?<=[\"'=/ ])(?P<name>(?:user|order|tenant|customer"
    r"|account|request|task|job|id)[-_](?:123|1234|12345"
    r"|abc|abc123|001))(?=[\"'/\s]|$)"
)
BARE = lazy.pattern(r"(?<=[\s=/])(?<!-e )(?P<name>[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)*)(?=[\s/:]|$)")
NAMES = lazy.pattern(
    r"(?:^|[_-])(?:POD|NODE|NAMESPACE|NAME|CLUSTER|HOST|HOSTNAME|ID|IP|REGION|BUCKET|DATABASE|TABLE|VERSION|PORT|REVISION|COMMIT|SHA|DEPLOYMENT|SERVICE|CONTAINER|PVC|PV|INSTANCE|PROJECT|JOB|USERNAME)(?:$|[_-])"
)
BARE_TOOLS = lazy.pattern(
    r"\s*(?:sudo\s+)?(?:kubectl|oc|docker|docker-compose|helm|aws|gcloud|az|git|ssh|systemctl|velero|virtctl|terraform)\b"
)
QUOTED = lazy.pattern(r"'[^']*'|\"(?:[^\"\\\\]|\\\\.)*\"", re.DOTALL)
PRINTED = lazy.pattern(r"\s*(?:echo|printf|cat\s*<<|log|die|fail|warn)\b")
MKTEMP = lazy.pattern(r"\bmktemp\b[^;|&]*$")
"""Its own crosses are the template of a name."""
NEAR = 2000
USAGE = lazy.pattern(r"usage:?\s", re.IGNORECASE)


@shape.frozen
class Hole:
    """One place to fill in: its name, where it stands, and what the document gives for it."""

    name: str
    start: int
    end: int
    text: str
    kind: str | None = None
    default: str | None = None


@functools.lru_cache(maxsize=2048)
def find(text: str, read: tuple[commands.Placeholder, ...], language: str) -> tuple[Hole, ...]:
    """Every hole in the text of a step, in order, none inside another."""
    found = list(_read(text, read))
    if language in {"promql", "text"}:
        found.extend(_angles(text) if language == "promql" else ())
        return _apart(found)
    found.extend(_angles(text))
    found.extend(_styles(text, language))
    if language == "bash":
        found.extend(_shell(text))
        told = printed.of(text) if found else printed.NOTHING
        found = [hole for hole in found if not _is_told(text, hole, told)]
    return _apart(found)


def _is_told(text: str, hole: Hole, told: printed.Printed) -> bool:
    """Whether it only stands on the screen, or belongs to the command itself."""
    before = text[text.rfind("\n", 0, hole.start) + 1 : hole.start]
    if told.holds(hole.start) or USAGE.search(before[-NEAR:]):
        return True
    return hole.text.upper().endswith("XXX") and bool(MKTEMP.search(before))


def _read(text: str, read: Iterable[commands.Placeholder]) -> Iterator[Hole]:
    for each in read:
        name = each.text.strip("<>[]{}\u2039\u203a ").strip()
        if (
            name
            and text[each.span.start : each.span.end] == each.text
            and not DOUBLE.fullmatch(each.text)
        ):
            yield Hole(_name(name), each.span.start, each.span.end, each.text)


def _angles(text: str) -> Iterator[Hole]:
    for match in ANGLE.finditer(text):
        name = match.group("name")
        if name.lower() in TAGS:
            continue
        if "://" in name or text[match.start() - 1 : match.start()] == "<":
            continue
        yield Hole(_name(name), match.start(), match.end(), match.group())


def _styles(text: str, language: str) -> Iterator[Hole]:
    for pattern, kind in (
        (DOUBLE, None),
        (YOURS, None),
        (CHANGE, None),
        (CROSSES, None),
        (CAPITALS, None),
        (SECRET, "secret"),
        (USER, "user"),
        (AT_HOST, "host"),
        (AT_DATABASE, "database"),
        (SERVICE_PORT, "host"),
        (BUCKET, None),
        (EXAMPLE, "host"),
    ):
        for match in pattern.finditer(text):
            group = str(match.lastgroup)
            yield Hole(
                match.group(group).strip(),
                *match.span(group) if pattern is not DOUBLE else match.span(),
                match.group(),
                kind,
            )
    if language not in {"yaml", "json"}:
        yield from _given(text)


def _given(text: str) -> Iterator[Hole]:
    """Values that the document gives as examples: dates, revisions, identifiers."""
    for match in DATED.finditer(text):
        group = str(match.lastgroup)
        value = match.group(group)
        yield Hole(_stem(text, match.start(), value), *match.span(group), value, "date", value)
    for match in REVISION.finditer(text):
        group = str(match.lastgroup)
        yield Hole(
            "revision", *match.span(group), match.group(group), "revision", match.group(group)
        )
    for match in SAMPLE.finditer(text):
        value = match.group("name")
        yield Hole(value, *match.span("name"), value, "id", value)


def _stem(text: str, start: int, value: str) -> str:
    """The name of a date in a file's name: that of the file without it, or the date itself."""
    match = re.search(r"([A-Za-z][\w-]*?)[-_.]?$", text[max(start - 40, 0) : start])
    flag = re.search(r"--([a-z-]+)[= ]$", text[max(start - 40, 0) : start])
    if flag:
        return flag.group(1)
    return f"{match.group(1).strip('-_')}-date" if match and "-" not in value else "date"


def _shell(text: str) -> Iterator[Hole]:
    for pattern in (FLAGGED, OPERANDS):
        for match in pattern.finditer(text):
            for group, value in match.groupdict().items():
                if value:
                    yield Hole(value, *match.span(group), value, group)
    for match in ELLIPSIS.finditer(text):
        before = text[
            max(text.rfind("\n", 0, match.start()) + 1, match.start() - NEAR) : match.start()
        ]
        if not PRINTED.match(before) and not re.search(r"[\"'][^\"']*$", before.rstrip()):
            flag = re.search(r"-+([\w-]+)[= ][\"']?$", before)
            yield Hole(flag.group(1) if flag else "value", *match.span("name"), match.group("name"))
    if BARE_TOOLS.match(text):
        plain = QUOTED.sub(lambda match: "\x1a" * len(match.group()), text)
        for match in BARE.finditer(plain.split("|", 1)[0]):
            if NAMES.search(match.group("name")):
                yield Hole(match.group("name"), *match.span("name"), match.group("name"))


def _name(name: str) -> str:
    return re.sub(r"\s+", "-", name.strip(" '\""))


def _apart(found: list[Hole]) -> tuple[Hole, ...]:
    """The holes in order; of two that overlap the one that begins first, or is longer."""
    kept: list[Hole] = []
    for hole in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or hole.start >= kept[-1].end:
            kept.append(hole)
    return tuple(kept)
