"""`curl`: the method it sends, told from all the flags that set it."""

from __future__ import annotations

import re

from midwatch.base import lazy
from midwatch.commands import given, judging, model, redirections, vocabulary, words
from midwatch.commands.analysers import protocol
from midwatch.commands.embedded import request

METHODS = ("-X", "--request")
GET_ANYWAY = ("-G", "--get")
NEXT = ("--next", "-:")
HEAD = ("-I", "--head")
SENDS = vocabulary.of(
    """
    -d --data --data-raw --data-binary --data-ascii --data-urlencode --json -F --form
    --form-string
    """
)
UPLOADS = frozenset({"-T", "--upload-file"})
OUTPUTS = frozenset({"-o", "--output", "-c", "--cookie-jar", "-D", "--dump-header", "--trace"}) | {
    "--trace-ascii",
    "--etag-save",
    "--stderr",
    "--hsts",
    "--alt-svc",
    "--libcurl",
}
NAMED_OUTPUTS = frozenset({"-O", "--remote-name", "--remote-name-all", "-J"})
OPAQUE = frozenset({"-K", "--config"})
QUOTES = frozenset({"-Q", "--quote"})
MAILS = ("--mail-from", "--mail-rcpt")
FORMATS = frozenset({"-w", "--write-out"})
WRITES_A_FILE = "%output{"
OTHER_PROTOCOL = lazy.pattern(r"(gophers?|dict|telnet|smtps?)://[^/]*/?(.*)", re.DOTALL)
READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
READING_PATHS = (
    "/_search",
    "/_count",
    "/_msearch",
    "/api/v1/query",
    "/api/v1/query_range",
    "/api/v1/series",
    "/api/v1/labels",
)


def verdict(case: protocol.Case) -> judging.Verdict:
    """What the request does to its server, and what is written here."""
    parts = [_request(case.found), *_other_protocols(case)]
    for flag in case.found.flags:
        if flag.name in OPAQUE:
            parts.append(judging.unknown("it takes its options from a file"))
        elif flag.name in QUOTES:
            parts.append(judging.change("it sends commands to the server (-Q)"))
        elif flag.name in FORMATS and WRITES_A_FILE in (flag.value or ""):
            parts.append(judging.change("it writes the file its format names", judging.LOCAL))
        elif flag.name in NAMED_OUTPUTS:
            parts.append(judging.change("it writes a file named as on the server", judging.LOCAL))
        elif flag.name in OUTPUTS and flag.value != "-":
            part = redirections.of_path(flag.value or "")
            parts += [part] if part else []
    return judging.worst(parts)


def _other_protocols(case: protocol.Case) -> list[judging.Verdict]:
    """What it sends where the address is of no web server: `dict://cache:6379/info`."""
    urls = [argument.pattern for argument in case.found.operands]
    urls += [flag.value or "" for flag in case.found.flags if flag.name == "--url"]
    parts: list[judging.Verdict] = []
    for url in urls:
        match = OTHER_PROTOCOL.fullmatch(url)
        if match is None:
            continue
        if match[1] == "dict":
            parts.append(request.verdict(match[2].replace(":", " ")))
        elif match[1].startswith("smtp"):
            if case.found.has(*MAILS):
                parts.append(judging.change("it sends a mail", model.Trait.REMOTE))
        elif match[1] != "telnet" or case.supply is not None:
            parts.append(judging.unknown("it sends what no web server reads", model.Trait.REMOTE))
    return parts


def _request(found: given.Given) -> judging.Verdict:
    """Every request it makes: with `--next` there may be several, each of its own method."""
    methods = [flag.value or "" for flag in found.flags if flag.name in METHODS]
    if any(words.HOLE in method for method in methods):
        return judging.unknown("its method is only known when it runs", model.Trait.REMOTE)
    implied = [] if methods and not found.has(*NEXT) else [_implied(found)]
    asks = _only_asks(found)
    return judging.worst([_sends(each.upper(), asks=asks) for each in (*methods, *implied)])


def _sends(method: str, *, asks: bool) -> judging.Verdict:
    if method == "DELETE":
        return judging.destroy("it sends DELETE", model.Trait.REMOTE)
    if method in READING:
        return judging.read(f"it sends {method}", model.Trait.REMOTE)
    if method == "POST" and asks:
        return judging.read("it posts a query that only looks", model.Trait.REMOTE)
    return judging.change(f"it sends {method}", model.Trait.REMOTE)


def _implied(found: given.Given) -> str:
    """The method that follows from the other flags."""
    if any(flag.name in UPLOADS for flag in found.flags):
        return "PUT"
    if found.has(*GET_ANYWAY):
        return "GET"
    if found.has(*HEAD):
        return "HEAD"
    return "POST" if any(flag.name in SENDS for flag in found.flags) else "GET"


def _only_asks(found: given.Given) -> bool:
    """A search or a metrics query is posted because it is long, not because it changes."""
    urls = [argument.pattern.partition("?")[0].rstrip("/") for argument in found.operands]
    return bool(urls) and all(url.endswith(READING_PATHS) for url in urls)
