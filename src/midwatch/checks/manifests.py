"""The YAML in a document: blocks, and here-documents that a shell block feeds to a tool."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from midwatch.base import lazy, shape
from midwatch.checks import facts, model
from midwatch.runbook import model as runbooks

if TYPE_CHECKING:
    import yaml
else:
    yaml = lazy.module("yaml")

HEREDOC = lazy.pattern(r"<<(?P<dash>-?)\s*(?P<quote>['\"\\]?)(?P<end>\w+)['\"]?")
TEMPLATE = lazy.pattern(r"\{\{|\{%|<%|^\s*\.\.\.\s*$|^\s*#?\s*\.\.\.|\.\.\.\s*$", re.MULTILINE)
HOLE = lazy.pattern(r"<[A-Za-z][\w .:/-]*>|\$\{?[A-Za-z_]\w*\}?")
YAML = frozenset({"yaml", "yml"})


@shape.frozen
class Text:
    """Some YAML as it stands in the file."""

    line: int
    end_line: int
    text: str
    heredoc: bool
    block: runbooks.Block


@shape.frozen
class Manifest:
    """One YAML document that parsed."""

    line: int
    end_line: int
    data: object
    block: runbooks.Block

    @property
    def kind(self) -> str:
        """Its `kind`, where it is a Kubernetes object."""
        return str(self.data.get("kind", "")) if isinstance(self.data, Mapping) else ""

    @property
    def api(self) -> str:
        """Its `apiVersion`, where it is a Kubernetes object."""
        return str(self.data.get("apiVersion", "")) if isinstance(self.data, Mapping) else ""

    @property
    def name(self) -> str:
        """Its `metadata.name`; empty where it has none."""
        return str(at(self.data, "metadata", "name") or "")


@shape.frozen
class Fault:
    """Why some YAML does not parse, and the line of the file it is noticed on."""

    line: int
    message: str


def texts(subject: model.Subject) -> Iterator[Text]:
    """Every piece of YAML in a document."""
    for block in subject.runbook.blocks:
        lines = facts.block_lines(subject, block)
        if block.language in YAML and lines:
            text = dedent([line for _, line in lines])
            yield Text(lines[0][0], lines[-1][0], text, heredoc=False, block=block)
        elif block.language in facts.SHELLS:
            yield from heredocs(block, lines)


def heredocs(block: runbooks.Block, lines: Sequence[tuple[int, str]]) -> Iterator[Text]:
    """The here-documents of a shell block that hold Kubernetes objects."""
    waiting = iter(lines)
    for _, line in waiting:
        opened = HEREDOC.search(line)
        if opened is None or line.lstrip().startswith("#"):
            continue
        body: list[tuple[int, str]] = []
        for number, inner in waiting:
            if inner.strip() == opened["end"]:
                break
            body.append((number, inner))
        text = dedent([inner for _, inner in body])
        if re.search(r"^apiVersion:", text, re.MULTILINE):
            plain = text if opened["quote"] else text.replace("\\$", "$")
            yield Text(body[0][0], body[-1][0], plain, heredoc=True, block=block)


def dedent(lines: Sequence[str]) -> str:
    """The lines without the indent that all of them share."""
    margin = min((len(x) - len(x.lstrip()) for x in lines if x.strip()), default=0)
    return "\n".join(line[margin:] for line in lines)


@functools.lru_cache(maxsize=facts.REMEMBERED)
def read(subject: model.Subject) -> tuple[Manifest, ...]:
    """Every YAML document that parses, in the document's order."""
    return tuple(m for text in texts(subject) for m in parsed(text) if isinstance(m, Manifest))


def faults(subject: model.Subject) -> Iterator[Fault]:
    """Every piece of YAML that is meant to be whole and does not parse."""
    for text in texts(subject):
        meant = text.heredoc or text.block.tag.lower() in YAML
        if meant and text.block.role != "output" and not TEMPLATE.search(text.text):
            yield from (fault for fault in parsed(text) if isinstance(fault, Fault))


@functools.lru_cache(maxsize=512)
def parsed(text: Text) -> tuple[Manifest | Fault, ...]:
    """The YAML documents in a text, up to the first fault."""
    found: list[Manifest | Fault] = []
    line = text.line
    for part in re.split(r"(?m)^(?=---\s*$)", HOLE.sub(same_length, text.text)):
        length = part.count("\n")
        try:
            data = yaml.safe_load(part.removeprefix("---"))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = min(line + (mark.line if mark else 0), text.end_line)
            found.append(Fault(where, reason(error)))
            break
        except (ValueError, RecursionError):
            break
        if data is not None:
            end = min(line + length, text.end_line)
            found.append(Manifest(line, end, data, text.block))
        line += length
    return tuple(found)


def same_length(hole: re.Match[str]) -> str:
    """A word in place of a hole, so that columns stay."""
    return "x" * len(hole[0])


def reason(error: Exception) -> str:
    """The parser's complaint in one clause."""
    return str(getattr(error, "problem", None) or error).splitlines()[0]


def at(data: object, *keys: str) -> object:
    """The value below some keys; nothing where there is none."""
    for key in keys:
        if not isinstance(data, Mapping):
            return None
        data = data.get(key)
    return data


def tables(data: object) -> Iterator[Mapping[str, object]]:
    """Every table in some YAML, outermost first."""
    if isinstance(data, Mapping):
        yield data
        for value in data.values():
            yield from tables(value)
    elif isinstance(data, list):
        for value in data:
            yield from tables(value)


def containers(data: object) -> Iterator[Mapping[str, object]]:
    """Every container of a workload, those that run first included."""
    for node in tables(data):
        for key in ("containers", "initContainers"):
            value = node.get(key)
            for each in value if isinstance(value, list) else []:
                if isinstance(each, Mapping):
                    yield each
