"""Manifests against Kubernetes' own fields: every fault exactly where it stands."""

from __future__ import annotations

import re

import pytest

from midwatch.checks import kubernetes_api, kubernetes_faults, model
from midwatch.runbook import reading

PLAIN = frozenset(
    {"any", "boolean", "bytes", "int-or-string", "integer", "number", "quantity", "string"}
)
SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: sorter
spec:
  ports:
  - port: "80"
    protocol: tcp
"""


def faults(document: str) -> list[kubernetes_faults.Fault]:
    runbook = reading.read("runbook.md", document.encode())
    subject = model.Subject(runbook, document, tuple(document.splitlines()))
    return list(kubernetes_faults.read(subject))


def pointed_at(document: str) -> list[str]:
    lines = document.splitlines()
    return [
        lines[fault.line - 1][fault.column - 1 : fault.end_column - 1] for fault in faults(document)
    ]


@pytest.mark.parametrize("margin", ["", "  ", "      "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_fault_points_at_the_value_wherever_the_block_stands(margin: str, end: str) -> None:
    inside = "".join(f"{margin}{line}\n" for line in f"```yaml\n{SERVICE}```".splitlines())
    document = f"# Parcel sorter — ä\n\n1. Apply it:\n\n{inside}"

    assert pointed_at(document.replace("\n", end)) == ['"80"', "tcp"]


def test_a_fault_points_at_the_value_in_a_here_document_with_escaped_and_open_places() -> None:
    body = SERVICE.replace("sorter", "'${NAME}' # \\$2 ünd").replace("\n", "\n\t")
    document = f"# Sorter\n\n```bash\nkubectl apply -f - <<-EOF\n\t{body.rstrip()}\nEOF\n```\n"

    assert pointed_at(document.replace("\t", "")) == ['"80"', "tcp"]


def test_a_fault_of_a_later_document_points_at_its_own_line() -> None:
    document = (
        f"# Sorter\n\n```yaml\n---\n{SERVICE.replace('tcp', 'TCP')}---\n# next\n{SERVICE}```\n"
    )

    assert [fault.line for fault in faults(document)] == [11, 21, 22]


def test_every_type_that_a_field_names_is_in_the_table() -> None:
    api = kubernetes_api.load()
    for name, fields in api.types.items():
        for field, kind in fields.items():
            bare = re.sub(r"^(?:\[\]|\{\})+", "", kind)
            assert bare in PLAIN or bare.startswith("=") or bare in api.types, (name, field)
    assert set(api.kinds.values()) <= set(api.types)


def test_the_table_says_of_which_kubernetes_it_is_and_whose() -> None:
    text = kubernetes_api.TABLE.read_text(encoding="utf-8")

    assert kubernetes_api.load().version == "1.37.2"
    assert "Copyright The Kubernetes Authors, Apache License 2.0" in text


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Pod\nspec: &a {containers: [*a]}\n",
        "apiVersion: v1\nkind: Pod\n? [a]\n: b\n",
        "apiVersion: v1\nkind: [Pod]\nspec: 1\n",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers: !!python/name:os.system {}\n",
        "apiVersion: v1\nkind: Pod\n" + "spec: " + "{a: " * 300 + "1" + "}" * 300 + "\n",
        "apiVersion: v1\nkind: List\nitems: {}\n",
        "kind: Pod\napiVersion: \n",
    ],
)
def test_odd_yaml_is_read_without_complaint_from_python(text: str) -> None:
    assert isinstance(faults(f"# Odd\n\n```yaml\n{text}```\n"), list)
