"""Who asks: by the token in a header, or whoever is on this machine where there are no tokens."""

from __future__ import annotations

import base64
import binascii

from starlette import datastructures

from midwatch.access import model, tokens
from midwatch.app import actors, serve_settings, serving
from midwatch.base import errors
from midwatch.faces.api import faults

HEADER = "x-midwatch-token"
CLAIM = "x-midwatch-actor"
"""On a watch without tokens: the name that somebody on this machine goes by."""
HOW = "Send it as `Authorization: Bearer TOKEN`."


def of(setup: serving.Setup, headers: datastructures.Headers) -> model.Actor:
    """Who asks; a Fault where nobody knows."""
    if setup.is_open:
        return _on_this_machine(headers)
    given = token(headers)
    if not given:
        raise _unknown("A token is needed.")
    found = tokens.holder(setup.tokens, given)
    if found is None:
        raise _unknown("Nobody has this token.")
    return found


def _unknown(detail: str) -> faults.Fault:
    fault = faults.Fault(401, detail, HOW)
    fault.headers["WWW-Authenticate"] = 'Bearer realm="midwatch"'
    return fault


def token(headers: datastructures.Headers) -> str:
    """The token of a request: Bearer, the password of Basic, or a header of our own."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    match scheme.lower():
        case "bearer":
            return value.strip()
        case "basic":
            try:
                pair = base64.b64decode(value, validate=True).decode("utf-8", "replace")
            except (binascii.Error, ValueError):
                return ""
            return pair.partition(":")[2]
        case _:
            return headers.get(HEADER, "").strip()


def _on_this_machine(headers: datastructures.Headers) -> model.Actor:
    """Whoever is on this machine, but no web page that is open in their browser."""
    host = headers.get("host", "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    if not serve_settings.loopback(name.strip("[]")):
        raise faults.Fault(403, "Without tokens Midwatch answers to 127.0.0.1 and localhost only.")
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != host:
        raise faults.Fault(403, "Without tokens Midwatch does not answer to other web pages.")
    claimed = headers.get(CLAIM, "")
    try:
        name = actors.name(claimed) or serving.NOBODY_ELSE.name
    except errors.UserError as error:
        raise faults.Fault(400, f"{CLAIM} holds no name.") from error
    return model.Actor(name, model.Role.ADMIN, proven=False)
