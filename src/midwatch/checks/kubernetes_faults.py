"""What Kubernetes' API server would not take of the manifests in a document."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, kubernetes_object, manifests, model

Fault = kubernetes_object.Fault
OBJECT = lazy.pattern(r"^apiVersion:.*^kind:|^kind:.*^apiVersion:", re.MULTILINE | re.DOTALL)
CONTROL = lazy.pattern(r"\{\{-?\s*(?:if|else|end|range|with|include|toYaml|template)\b|\{%|<%")


@functools.lru_cache(maxsize=facts.REMEMBERED)
def read(subject: model.Subject) -> tuple[Fault, ...]:
    """Every fault of every manifest of Kubernetes' own kinds, in the document's order."""
    found = [
        fault
        for text in manifests.texts(subject)
        if text.block.role != "output" and OBJECT.search(text.text)
        for fault in of_text(subject, text)
    ]
    return tuple(sorted(found, key=lambda each: (each.line, each.column)))


def of_text(subject: model.Subject, text: manifests.Text) -> Iterator[Fault]:
    """The faults in some YAML, document by document; none where it is a template."""
    if CONTROL.search(text.text):
        return
    line = text.line
    for part in re.split(r"(?m)^(?=---\s*$)", text.text):
        body = part.removeprefix("---")
        for fault in kubernetes_object.faults(body):
            yield placed(subject, fault, line, body, applied=text.heredoc)
        line += part.count("\n")


def placed(subject: model.Subject, fault: Fault, first: int, body: str, *, applied: bool) -> Fault:
    """A fault with the line and the columns that it has in the file."""
    written = body.split("\n")[fault.line]
    line = first + fault.line
    shift = max(0, subject.line(line).find(written)) if written.strip() else 0
    return dataclasses.replace(
        fault,
        line=line,
        column=fault.column + shift,
        end_column=fault.end_column + shift if fault.end_column else 0,
        applied=applied,
    )
