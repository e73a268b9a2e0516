"""The words by which runbooks say what a part of them is for; kept as data beside this file."""

from __future__ import annotations

import enum
import functools
import importlib.resources
import re
import tomllib

from midwatch.base import lazy, shape
from midwatch.runbook import model

PARENTHESES = lazy.pattern(r"\([^()]*\)|\[[^\[\]]*\]")
NUMBER = lazy.pattern(
    r"^\s*(?:(?:step|phase|part|stage|option)\s+)?(?:\d+(?:\.\d+)*|[ivx]+)[.):\s-]+\s*",
    re.IGNORECASE,
)
WORD = lazy.pattern(r"[^\W_]+(?:['\u2019][a-z]+)?")
SPLIT = lazy.pattern(r"\s*(?:/|&|\band\b|,|\+)\s*")
LONGEST = 80


class Role(enum.StrEnum):
    """What a part of a procedure is for."""

    DIAGNOSE = "diagnose"
    RESOLVE = "resolve"
    VERIFY = "verify"
    UNDO = "undo"
    PREVENT = "prevent"
    COMMUNICATE = "communicate"
    OPERATE = "operate"
    SYMPTOMS = "symptoms"
    MEANING = "meaning"
    IMPACT = "impact"
    CAUSES = "causes"
    SEVERITY = "severity"
    RECOVERY = "recovery"
    EXPECTED = "expected"
    OUTPUT = "output"
    ESCALATION = "escalation"
    CONTACTS = "contacts"
    BACKGROUND = "background"


PHASES = {
    Role.DIAGNOSE: model.Phase.DIAGNOSE,
    Role.RESOLVE: model.Phase.RESOLVE,
    Role.VERIFY: model.Phase.VERIFY,
    Role.UNDO: model.Phase.UNDO,
    Role.PREVENT: model.Phase.PREVENT,
    Role.COMMUNICATE: model.Phase.COMMUNICATE,
    Role.OPERATE: model.Phase.OPERATE,
    Role.SYMPTOMS: model.Phase.DIAGNOSE,
    Role.MEANING: model.Phase.DIAGNOSE,
    Role.IMPACT: model.Phase.DIAGNOSE,
    Role.CAUSES: model.Phase.DIAGNOSE,
    Role.EXPECTED: model.Phase.VERIFY,
    Role.ESCALATION: model.Phase.COMMUNICATE,
}
"""The phase of the steps under a lead; a role without one leaves the phase as it is."""

ACTIONS = frozenset(
    {
        Role.RESOLVE,
        Role.VERIFY,
        Role.UNDO,
        Role.PREVENT,
        Role.COMMUNICATE,
        Role.OPERATE,
        Role.DIAGNOSE,
    }
)
"""Under these a list item in the imperative is something to do."""


@shape.frozen
class Vocabulary:
    """The words, ready to look up."""

    phrases: dict[str, Role]
    words: dict[str, Role]
    fillers: frozenset[str]
    inseparable: frozenset[str]
    alternative: frozenset[str]
    verbs: frozenset[str]
    measures: frozenset[str]
    """Words after which a verb is a noun: "request rate"."""
    leading: frozenset[str]
    programs: frozenset[str]
    prose: frozenset[str]
    kinds: tuple[tuple[str, frozenset[str]], ...]
    sources: dict[str, dict[str, str]]
    """The arguments that list the values of a kind, by program."""


@functools.cache
def load() -> Vocabulary:
    """The vocabulary that comes with Midwatch."""
    text = importlib.resources.files(__package__).joinpath("vocabulary.toml").read_text("utf-8")
    data = tomllib.loads(text)
    phrases, words = {}, {}
    for name, entry in data["role"].items():
        phrases.update(dict.fromkeys(entry.get("phrases", ()), Role(name)))
        words.update(dict.fromkeys(entry.get("words", ()), Role(name)))
    return Vocabulary(
        phrases,
        words,
        frozenset(data["fillers"]["words"]),
        frozenset(data["inseparable"]["words"]),
        frozenset(data["alternative"]["words"]),
        frozenset(data["imperative"]["verbs"]),
        frozenset(data["imperative"]["measures"]),
        frozenset(data["imperative"]["leading"]),
        frozenset(data["programs"]["names"]) | _tools(),
        frozenset(data["prose"]["words"]),
        tuple((entry["name"], frozenset(entry["words"])) for entry in data["kind"]),
        {program: entry for entry in data["source"] for program in entry["programs"]},
    )


def _tools() -> set[str]:
    """The programs that the effects side knows, one file each."""
    folder = importlib.resources.files("midwatch.commands").joinpath("knowledge")
    return {entry.name.removesuffix(".toml") for entry in folder.iterdir()}


@functools.lru_cache(maxsize=4096)
def role(title: str) -> Role | None:
    """What a part with that title is for, where the title says so."""
    if len(title) > LONGEST:
        return None
    bare = NUMBER.sub("", PARENTHESES.sub(" ", title.lower()))
    found = _role(bare)
    if found is None:
        for piece in SPLIT.split(bare)[:2]:
            found = found or _role(piece)
            if found is None:
                return None
    return found


def _role(title: str) -> Role | None:
    known = load()
    words = WORD.findall(title)
    phrase = " ".join(words)
    if phrase in known.phrases:
        return known.phrases[phrase]
    telling = [word for word in words if word in known.words]
    others = [word for word in words if word not in known.words and word not in known.fillers]
    if not telling or others:
        return None
    strong = [word for word in telling if word not in known.fillers] or telling
    return known.words[strong[0]]


@functools.lru_cache(maxsize=4096)
def inseparable(title: str) -> bool:
    """Whether a section of that title is always a part of the section above it."""
    known = load()
    bare = NUMBER.sub("", PARENTHESES.sub(" ", title[:LONGEST].lower()))
    words = [word for word in WORD.findall(bare) if word not in known.fillers]
    return bool(words) and all(word in known.inseparable for word in words)


@functools.lru_cache(maxsize=4096)
def alternative(title: str) -> bool:
    """Whether a lead of that title is one way among several."""
    words = WORD.findall(title[:LONGEST].lower())
    return any(word in load().alternative for word in words[:2])


@functools.lru_cache(maxsize=4096)
def imperative(text: str) -> bool:
    """Whether a sentence without marks tells somebody to do something."""
    known = load()
    words = [word.lower() for word in re.findall(r"[A-Za-z][\w'-]*", text[:LONGEST])]
    for word, following in zip(words, [*words, ""][1:], strict=True):
        if word in known.verbs:
            return following not in known.measures
        if word not in known.leading:
            return False
    return False
