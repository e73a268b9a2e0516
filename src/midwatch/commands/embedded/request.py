"""What is sent to a server over a plain connection: `ruok`, `stats`, `GET / HTTP/1.0`."""

from __future__ import annotations

import re

from midwatch.base import lazy
from midwatch.commands import judging

READS = lazy.pattern(
    r"""
    ruok|stat|srvr|mntr|conf|cons|envi|wchs|wchc|wchp|dump|isro|dirs|hash|icfg|orst|lsnp|gtmk
    | stats(\ (items|slabs|sizes|settings|conns))? | version | quit | exit | help | noop | ping
    | (INFO(\ \w+)?|DBSIZE|LASTSAVE|ROLE|TIME)
    | (GET|HEAD|OPTIONS)\ [!-~]+\ HTTP/\d(\.\d)? | (Host|User-Agent|Accept|Connection):\ [ -~]+
    | q | (EHLO|HELO)\ [!-~]+
    | show(\ [\w.,/#-]+)+
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Requests of ZooKeeper, memcached, Redis, HTTP, SMTP and HAProxy that only ask."""
CHANGES = lazy.pattern(
    r"""
    (srst|crst|kill|rqld|stmk.*|stats\ reset|(MAIL\ FROM|RCPT\ TO):.*)
    | (set|enable|disable|shutdown|clear|add|del)\ .*
    """,
    re.IGNORECASE | re.VERBOSE,
)
DESTROYS = lazy.pattern(r"flush_?all(\ .*)?|flushdb(\ .*)?", re.IGNORECASE | re.VERBOSE)
ENDS = lazy.pattern(r"\r?\n|;")


def verdict(text: str) -> judging.Verdict:
    """What the lines do that are sent; a line that no protocol here knows is unknown."""
    lines = [line.strip(" \t\r") for line in ENDS.split(text)]
    parts = [_line(line) for line in lines if line]
    return judging.worst(parts) if parts else judging.read("it sends nothing but an empty line")


def _line(line: str) -> judging.Verdict:
    if READS.fullmatch(line):
        return judging.read("what it sends only asks")
    if DESTROYS.fullmatch(line):
        return judging.destroy("what it sends empties the store")
    if CHANGES.fullmatch(line):
        return judging.change("what it sends changes the server")
    return judging.unknown("what it sends is no request that Midwatch knows")
