"""Values in an HTTP request: encoded in its address and in JSON, whole in its headers."""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Sequence

from midwatch.base import lazy
from midwatch.commands import binding
from midwatch.commands.filling import model

JSON_STRING = lazy.pattern(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
JSON_PLAIN = lazy.pattern(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|true|false|null")


def fill(text: str, holes: Sequence[binding.Hole]) -> model.Filling:
    """The request with its values, or why that cannot be."""
    shown, at = "", 0
    pieces, parameters = [""], []
    for hole in sorted(holes, key=lambda each: each.start):
        form = _form(text, hole)
        if isinstance(form, binding.Refused):
            return form
        value = "" if hole.variable else hole.value
        before = text[at : hole.start]
        shown += before + (model.MASK if hole.variable else written(form, value))
        pieces[-1] += before
        pieces.append("")
        parameters.append(model.Parameter(value, hole.variable, form))
        at = hole.end
    pieces[-1] += text[at:]
    return model.Filled(shown + text[at:], tuple(pieces), tuple(parameters))


def written(form: model.Form, value: str) -> str:
    """The value as it stands in that part of a request."""
    match form:
        case model.Form.URL:
            return urllib.parse.quote(value, safe="-_.~")
        case model.Form.JSON:
            return json.dumps(value)[1:-1]
        case _:
            return value


def _form(text: str, hole: binding.Hole) -> model.Form | binding.Refused:
    """By the part of the request it stands in."""
    first = text.find("\n") if "\n" in text else len(text)
    blank = re.search(r"\n[ \t]*\n", text)
    if hole.start < first:
        if " " not in text[: hole.start].strip():
            return binding.Refused(hole.name, "the method of a request is no input")
        return model.Form.URL
    if blank is None or hole.start < blank.start():
        if ":" not in text[text.rfind("\n", 0, hole.start) + 1 : hole.start]:
            return binding.Refused(hole.name, "the name of a header is no input")
        return _header(hole)
    return _in_body(text, blank.end(), hole)


def _header(hole: binding.Hole) -> model.Form | binding.Refused:
    if not hole.variable and not (hole.value.isprintable() and hole.value.isascii()):
        return binding.Refused(hole.name, "a header holds plain printable characters only")
    return model.Form.HEADER


def _in_body(text: str, body: int, hole: binding.Hole) -> model.Form | binding.Refused:
    if not text[body:].lstrip().startswith(("{", "[", '"')):
        return binding.Refused(hole.name, "only a JSON body can take a value safely")
    strings = JSON_STRING.finditer(text, body)
    if any(each.start() < hole.start < each.end() for each in strings):
        return model.Form.JSON
    if hole.variable or not JSON_PLAIN.fullmatch(hole.value):
        return binding.Refused(hole.name, "a number, true, false or null is wanted there")
    return model.Form.HEADER
