"""Which procedure of a runbook is meant."""

from __future__ import annotations

import difflib

from midwatch.base import errors
from midwatch.runbook import model as runbooks

MANY = 12


def procedure(runbook: runbooks.Runbook, name: str) -> runbooks.Procedure:
    """The procedure with that id or heading; where none or several fit, say which come near."""
    if not runbook.procedures:
        raise errors.UserError(
            f"{runbook.path} holds no procedure: no section of it has a step.",
            f"See what was read with `midwatch show {runbook.path}`.",
        )
    if not name:
        raise errors.UserError(
            f"Which procedure of {runbook.path}?", "One of: " + _some(runbook.procedures)
        )
    exact = [each for each in runbook.procedures if each.id == name]
    found = exact or [each for each in runbook.procedures if _fits(each, name)]
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(f"{each.id} (line {each.line})" for each in found)
        raise errors.UserError(
            f"“{name}” fits {len(found)} procedures of {runbook.path}.", f"Take one of: {places}."
        )
    raise errors.UserError(
        f"{runbook.path} has no procedure “{name}”.", _suggestion(runbook.procedures, name)
    )


def _fits(procedure_: runbooks.Procedure, name: str) -> bool:
    wanted = _plain(name)
    path = " / ".join((*procedure_.heading_path, procedure_.title))
    return wanted in {_plain(procedure_.title), _plain(procedure_.id), _plain(path)}


def _plain(text: str) -> str:
    return " ".join("".join(each if each.isalnum() else " " for each in text.lower()).split())


def _suggestion(procedures: tuple[runbooks.Procedure, ...], name: str) -> str:
    names = {_plain(each.id): each.id for each in procedures}
    names |= {_plain(each.title): each.id for each in procedures}
    near = difflib.get_close_matches(_plain(name), list(names), n=3, cutoff=0.5)
    near += [plain for plain in names if _plain(name) in plain and _plain(name)]
    if near:
        return "Did you mean " + ", ".join(dict.fromkeys(names[each] for each in near)) + "?"
    return "It has: " + _some(procedures)


def _some(procedures: tuple[runbooks.Procedure, ...]) -> str:
    shown = ", ".join(each.id for each in procedures[:MANY])
    more = len(procedures) - MANY
    return f"{shown} and {more} more." if more > 0 else f"{shown}."
