"""An HTTP step: one request to the target's address; its status, its headers, its body."""

from __future__ import annotations

import json
import os
import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from midwatch.commands import model as commands
from midwatch.commands.filling import http as filling
from midwatch.commands.filling import model as fillings
from midwatch.plugs.steps import ended, exchange, tables, worker_files, worker_output

SECONDS = 30.0
LONGEST = 1_000_000
LINES = 200
READS = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST = re.compile(r"(?P<method>[A-Z]+)\s+(?P<address>\S+)(?:\s+HTTP/\d(?:\.\d)?)?\s*$")
OF_INTEREST = (
    "content-type", "location", "retry-after", "server", "x-request-id", "etag", "cache-control",
)  # fmt: skip
OURS = frozenset({"host", "content-length", "connection", "transfer-encoding"})
GOOD = range(200, 400)


class NoRequestError(Exception):
    """The text is no request that can be sent to this target, and why."""


def carry_out(request: worker_files.Request, folder: Path, url: str) -> ended.Exit:
    """Send the request; a status of 400 or more is a failure."""
    seconds = min(request.seconds or SECONDS, SECONDS)
    try:
        wanted = read(_text(request), url, seconds)
        answer = exchange.send(wanted, longest=LONGEST)
    except (NoRequestError, exchange.NotSentError) as error:
        return _ended(folder, f"it was not sent: {error}", ended.Exit.FAILED)
    except (exchange.NoAnswerError, KeyboardInterrupt) as error:
        why = str(error) or "it was stopped"
        if request.effect == commands.Effect.READ:
            return _ended(folder, f"no answer came: {why}", ended.Exit.FAILED)
        sentence = f"it was sent, and no answer came: {why}"
        return _ended(folder, sentence, ended.Exit.IN_DOUBT)
    for line in shown(answer):
        worker_output.say(line)
    if answer.status in GOOD:
        return ended.Exit.DONE
    worker_files.mean(folder, f"HTTP {answer.status} {answer.reason}".rstrip())
    return ended.Exit.FAILED


def _ended(folder: Path, sentence: str, code: ended.Exit) -> ended.Exit:
    worker_output.say(sentence)
    worker_files.mean(folder, sentence)
    return code


def _text(request: worker_files.Request) -> str:
    """The request with its values, each written as its place wants it."""
    out = request.pieces[0]
    for each, piece in zip(request.parameters, request.pieces[1:], strict=True):
        value = os.environ[each["variable"]] if each.get("variable") else str(each["value"])
        out += filling.written(fillings.Form(each["form"]), value) + piece
    return out


def read(text: str, base: str, seconds: float = SECONDS) -> exchange.Request:
    """The request that the text describes, sent nowhere but to the target's own address."""
    head, _, body = re.sub(r"\n[ \t]+\n", "\n\n", text.strip()).partition("\n\n")
    first, *rest = head.splitlines()
    found = FIRST.match(first)
    if found is None:
        raise NoRequestError(f"“{first[:60]}” is no request line")
    headers = {}
    for line in rest:
        name, colon, value = line.partition(":")
        if not colon or not re.fullmatch(r"[A-Za-z0-9-]+", name.strip()):
            raise NoRequestError(f"“{line[:60]}” is no header")
        if name.strip().lower() not in OURS:
            headers[name.strip()] = value.strip()
    if body and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    address = address_of(found["address"], base)
    return exchange.Request(found["method"], address, headers, body.encode() or None, seconds)


def address_of(written: str, base: str) -> str:
    """The address: a path goes to the target; a whole URL must be the target's own."""
    target = urllib.parse.urlsplit(base)
    parts = urllib.parse.urlsplit(written)
    if parts.scheme or parts.netloc:
        if (parts.scheme, parts.hostname, parts.port) != (
            target.scheme, target.hostname, target.port,
        ):  # fmt: skip
            raise NoRequestError(f"{parts.hostname} is not the target's own {target.hostname}")
        return urllib.parse.urlunsplit(
            (target.scheme, target.netloc, parts.path or "/", parts.query, "")
        )
    path = target.path.rstrip("/") + "/" + parts.path.lstrip("/")
    return urllib.parse.urlunsplit((target.scheme, target.netloc, path, parts.query, ""))


def shown(answer: exchange.Answer) -> Iterator[str]:
    """The answer's lines."""
    yield f"HTTP {answer.status} {answer.reason}, {answer.seconds * 1000:.0f} ms"
    for name, value in answer.headers.items():
        if name.lower() in OF_INTEREST:
            yield f"{name}: {tables.text(value)}"
    if not answer.body:
        return
    yield ""
    lines = _body(answer)
    for line in lines[:LINES]:
        yield "".join(each if each == "\t" else tables.text(each) for each in line)
    if len(lines) > LINES:
        yield f"… and {len(lines) - LINES} more lines"
    if answer.cut:
        yield f"… cut at {LONGEST:,} bytes"


def _body(answer: exchange.Answer) -> list[str]:
    kind = next((v for n, v in answer.headers.items() if n.lower() == "content-type"), "")
    text = answer.body.decode("utf-8", "replace")
    if "json" in kind or text.lstrip()[:1] in {"{", "["}:
        try:
            return json.dumps(json.loads(text), indent=2, ensure_ascii=False).splitlines()
        except (ValueError, RecursionError):
            return text.splitlines()
    if "\0" in text[:1000]:
        return [f"({len(answer.body)} bytes that are no text)"]
    return text.splitlines()


def by_hand(text: str, url: str) -> str:
    """Why a person sends this request; nothing where Midwatch can."""
    if not url.startswith(("http://", "https://")):
        return "The target's http is no http:// or https:// URL: a person sends it."
    if sum(1 for line in text.splitlines() if FIRST.match(line)) > 1:
        return "It is more than one request: a person sends them."
    try:
        read(text, url)
    except NoRequestError as error:
        return f"It cannot be sent from here ({error}): a person sends it."
    return ""
