"""The fields of Kubernetes' own kinds, in the table that `tools/kubernetes_api.py` makes."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from midwatch.base import shape

COMMON = 25
"""A field of more types than this says nothing about where it belongs."""
SHORT = {
    "cm": "configmaps",
    "crd": "customresourcedefinitions",
    "crds": "customresourcedefinitions",
    "cj": "cronjobs",
    "cs": "componentstatuses",
    "csr": "certificatesigningrequests",
    "deploy": "deployments",
    "ds": "daemonsets",
    "ep": "endpoints",
    "ev": "events",
    "hpa": "horizontalpodautoscalers",
    "ing": "ingresses",
    "limits": "limitranges",
    "netpol": "networkpolicies",
    "no": "nodes",
    "ns": "namespaces",
    "pc": "priorityclasses",
    "pdb": "poddisruptionbudgets",
    "po": "pods",
    "pv": "persistentvolumes",
    "pvc": "persistentvolumeclaims",
    "quota": "resourcequotas",
    "rc": "replicationcontrollers",
    "rs": "replicasets",
    "sa": "serviceaccounts",
    "sc": "storageclasses",
    "sts": "statefulsets",
    "svc": "services",
}
"""Short names, as `kubectl api-resources` lists them."""
TABLE = Path(__file__).with_name("kubernetes_api.json")
FAR = 3
"""How many types below a field is looked for that stands in the wrong place."""


@shape.frozen
class Step:
    """One type on the way from an object to a field in it."""

    path: str
    type: str


@shape.frozen
class Api:
    """Every kind that people write, and the types that their fields have."""

    version: str
    kinds: Mapping[str, str]
    """`apps/v1 Deployment` and the name of its type."""
    resources: Mapping[str, str]
    """`deployments` and its kind as in `kinds`."""
    types: Mapping[str, Mapping[str, str]]
    """A type's fields with their kind in one word; a field that must be there begins with `!`."""

    def listed(self, name: str) -> str:
        """The kind that `kubectl get` means by a name, as in `kinds`; nothing where it has none."""
        plural = SHORT.get(name, name)
        if plural in self.resources:
            return self.resources[plural]
        return next((k for k in self.resources.values() if k.lower().endswith(f" {name}")), "")

    def type_of(self, api: str, kind: str) -> str | None:
        """The type of a kind in an API version; nothing where it is not one of Kubernetes' own."""
        return self.kinds.get(f"{api} {kind}")

    def fields(self, name: str) -> Mapping[str, str]:
        """A type's fields, without their marks."""
        return {field.lstrip("!"): kind for field, kind in self.types[name].items()}

    def needed(self, name: str) -> tuple[str, ...]:
        """The fields that a type cannot do without."""
        return tuple(field[1:] for field in self.types[name] if field.startswith("!"))

    def homes(self, kind: str) -> tuple[str, ...]:
        """The API versions that have a kind, the newest last."""
        return tuple(name.partition(" ")[0] for name in self.kinds if name.endswith(f" {kind}"))

    def serves(self, api: str) -> bool:
        """Whether all kinds of that API version are known."""
        return any(name.startswith(f"{api} ") for name in self.kinds)

    def trail(self, name: str, path: str) -> tuple[Step, ...]:
        """The types on the way to a path such as `spec.containers[0]`, the object's own first."""
        steps, here = [Step("", name)], ""
        for word in path.split(".") if path else ():
            here = f"{here}.{word}" if here else word
            kind = bare(self.fields(steps[-1].type).get(word.partition("[")[0], ""))
            if kind in self.types:
                steps.append(Step(here, kind))
        return tuple(steps)

    def home(self, trail: tuple[Step, ...], field: str) -> str:
        """Where near a type a field belongs: above it, else below; nothing for names so common."""
        if sum(field in self.fields(name) for name in self.types) > COMMON:
            return ""
        for step in reversed(trail[:-1]):
            if field in self.fields(step.type):
                return step.path
        waiting = [trail[-1]]
        for _ in range(FAR):
            waiting = [below for step in waiting for below in self.below(step)]
            for step in waiting:
                if field in self.fields(step.type):
                    return step.path
        return ""

    def below(self, step: Step) -> Iterator[Step]:
        """The types of a type's own fields, what only the server writes left out."""
        for field, kind in self.fields(step.type).items():
            if bare(kind) in self.types and field not in {"status", "initContainers"}:
                many = "[]" * kind.count("[]")
                yield Step(f"{step.path}.{field}{many}".lstrip("."), bare(kind))


def bare(kind: str) -> str:
    """The type inside a list or a map."""
    return kind.replace("[]", "").replace("{}", "")


@functools.cache
def load() -> Api:
    """The table, read at its first use."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    return Api(table["version"], table["kinds"], table["resources"], table["types"])
