"""Write `src/midwatch/checks/kubernetes_api.json`: the fields of Kubernetes' own kinds.

    go mod download k8s.io/kubernetes@v1.37.2 k8s.io/api@v0.37.2
    python tools/kubernetes_api.py $(go env GOMODCACHE)/k8s.io 1.37.2

It is derived from `api/openapi-spec/swagger.json` of Kubernetes and, for the values that a field
may have (the marker `+enum`), from the Go types in k8s.io/api. Both are Copyright The Kubernetes
Authors, Apache License 2.0. Kept are the kinds that people write; descriptions are left out.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Table = dict[str, Any]
TARGET = Path(__file__).parents[1] / "src" / "midwatch" / "checks" / "kubernetes_api.json"
GROUPS = {
    "": "v1",
    "admissionregistration.k8s.io": "v1",
    "apiextensions.k8s.io": "v1",
    "apiregistration.k8s.io": "v1",
    "apps": "v1",
    "autoscaling": "v1 v2",
    "batch": "v1",
    "certificates.k8s.io": "v1",
    "coordination.k8s.io": "v1",
    "discovery.k8s.io": "v1",
    "networking.k8s.io": "v1",
    "node.k8s.io": "v1",
    "policy": "v1",
    "rbac.authorization.k8s.io": "v1",
    "scheduling.k8s.io": "v1",
    "storage.k8s.io": "v1",
}
"""The groups and versions that people write; what is alpha or beta changes too often to judge."""
NOT_WRITTEN = re.compile(r"List$|^(APIGroup|APIVersions|DeleteOptions|Status|WatchEvent)$")
SPECIAL = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int-or-string",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "string",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "string",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "any",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Patch": "any",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "any",
}
FREE = ("JSON", "JSONSchemaPropsOrArray", "JSONSchemaPropsOrBool", "JSONSchemaPropsOrStringArray")
"""Types of `apiextensions` that take more than one shape."""
NOT_NEEDED = {
    ("core.v1.HTTPHeader", "value"),
    ("core.v1.Sysctl", "value"),
    ("core.v1.LimitRangeSpec", "limits"),
    ("core.v1.SleepAction", "seconds"),
    ("core.v1.ISCSIVolumeSource", "lun"),
    ("core.v1.ISCSIPersistentVolumeSource", "lun"),
    ("storage.v1.CSIDriver", "spec"),
    ("storage.v1.TokenRequest", "audience"),
}
"""What the specification calls required and the server takes the empty value of."""
NEEDED = {("core.v1.Container", "image")}
"""What the server asks for beside (`pkg/apis/core/validation`)."""
VALUES = {
    ("autoscaling.v2.MetricSpec", "type"): "ContainerResource External Object Pods Resource",
    ("autoscaling.v2.MetricTarget", "type"): "AverageValue Utilization Value",
    ("meta.v1.LabelSelectorRequirement", "operator"): "DoesNotExist Exists In NotIn",
    ("rbac.v1.Subject", "kind"): "Group ServiceAccount User",
    ("apiextensions.v1.CustomResourceDefinitionSpec", "scope"): "Cluster Namespaced",
}
"""Values that the server checks without saying so in the types (`pkg/apis/*/validation`)."""


def short(name: str) -> str:
    """`io.k8s.api.apps.v1.Deployment` as `apps.v1.Deployment`."""
    return ".".join(name.split(".")[-3:])


def values(folder: Path) -> Mapping[tuple[str, str], str]:
    """The values that fields may have, by type and field."""
    found = dict(VALUES)
    for path in sorted(folder.glob("*/v*/types.go")):
        package = ".".join(path.parts[-3:-1])
        for kind, field, chosen in enumerations(path.read_text(encoding="utf-8")):
            found[f"{package}.{kind}", field] = " ".join(sorted(chosen))
    return found


def enumerations(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """The fields of a Go file whose type is marked `+enum`, with the constants of that type."""
    marked = {
        name
        for comment, name in re.findall(r"((?:^//.*\n)+)^type (\w+) string$", text, re.MULTILINE)
        if re.search(r"^// ?\+enum\s*$", comment, re.MULTILINE)
    }
    chosen = defaultdict[str, list[str]](list)
    for kind, value in re.findall(r'^\s*\w+\s+(\w+)\s*=\s*"([^"]*)"', text, re.MULTILINE):
        chosen[kind].append(value)
    for kind, value in re.findall(r'^\s*\w+\s*=\s*(\w+)\("([^"]*)"\)', text, re.MULTILINE):
        chosen[kind].append(value)
    for kind, body in re.findall(
        r"^type (\w+) struct \{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL
    ):
        for type_, name in re.findall(
            r'^\s+\w+\s+(?:\*|\[\])?(\w+)\s+`json:"(\w+)', body, re.MULTILINE
        ):
            if type_ in marked and chosen[type_] and all(" " not in v for v in chosen[type_]):
                yield kind, name, chosen[type_]


def kind_of(schema: Table, allowed: str) -> str:
    """A field's type in one word: `string`, `[]…` a list, `{}…` a map, `=A|B` one of these."""
    reference = schema.get("$ref", "").rpartition("/")[2]
    if reference:
        if reference in SPECIAL:
            return SPECIAL[reference]
        return "any" if reference.endswith(FREE) else short(reference)
    match schema.get("type"):
        case "array":
            return f"[]{kind_of(schema['items'], allowed)}"
        case "object":
            inner = schema.get("additionalProperties")
            return f"{{}}{kind_of(inner, '')}" if inner else "any"
        case "string" if allowed:
            return "=" + "|".join(allowed.split(" "))
        case None:
            return "any"
        case plain:
            return "bytes" if schema.get("format") == "byte" else str(plain)


def fields(name: str, schema: Table, allowed: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """A type's fields; those that it cannot do without begin with `!`."""
    own = short(name)
    needed = {
        field
        for field in schema.get("required", ())
        if (own, field) not in NOT_NEEDED and schema["properties"][field].get("type") != "boolean"
    }
    needed |= {field for kind, field in NEEDED if kind == own}
    return {
        f"!{field}" if field in needed else field: kind_of(below, allowed.get((own, field), ""))
        for field, below in schema.get("properties", {}).items()
    }


def written(definitions: Table) -> Iterator[tuple[str, str]]:
    """Every kind that people write, as `apps/v1 Deployment`, with its type."""
    for name, schema in definitions.items():
        for each in schema.get("x-kubernetes-group-version-kind", ()):
            served = each["version"] in GROUPS.get(each["group"], "").split()
            if served and len(schema["x-kubernetes-group-version-kind"]) == 1:
                api = "/".join(filter(None, (each["group"], each["version"])))
                if not NOT_WRITTEN.search(each["kind"]):
                    yield f"{api} {each['kind']}", name


def resources(paths: Table, kinds: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What `kubectl get` calls a kind in the plural, with the kind; of several, the newest."""
    for path, methods in sorted(paths.items()):
        for asked in methods.values():
            if isinstance(asked, dict) and asked.get("x-kubernetes-action") == "list":
                each = asked["x-kubernetes-group-version-kind"]
                api = "/".join(filter(None, (each["group"], each["version"])))
                if f"{api} {each['kind']}" in kinds:
                    yield path.rpartition("/")[2], f"{api} {each['kind']}"


def reached(start: Iterator[str], types: Mapping[str, dict[str, str]]) -> set[str]:
    """The types that some types lead to, themselves included."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in found and name in types:
            found.add(name)
            waiting += [re.sub(r"^(?:\[\]|\{\})+", "", kind) for kind in types[name].values()]
    return found


def main(modules: Path, version: str) -> None:
    """Write the table."""
    kubernetes = modules / f"kubernetes@v{version}"
    swagger = json.loads(
        (kubernetes / "api" / "openapi-spec" / "swagger.json").read_text(encoding="utf-8")
    )
    allowed = values(modules / f"api@v0{version[1:]}")
    definitions = swagger["definitions"]
    types = {short(name): fields(name, schema, allowed) for name, schema in definitions.items()}
    kinds = {key: short(name) for key, name in sorted(written(definitions))}
    kept = sorted(reached(iter(kinds.values()), types))
    lines = [f"  {json.dumps(name)}: {json.dumps(types[name])}" for name in kept]
    names = [f"  {json.dumps(key)}: {json.dumps(name)}" for key, name in kinds.items()]
    head = f'"about": {json.dumps(about(version))},\n "version": "{version}"'
    plurals = dict(resources(swagger["paths"], kinds))
    called = [f"  {json.dumps(name)}: {json.dumps(kind)}" for name, kind in sorted(plurals.items())]
    tables = (
        f'"kinds": {table(names)}',
        f'"resources": {table(called)}',
        f'"types": {table(lines)}',
    )
    TARGET.write_text("{\n " + ",\n ".join((head, *tables)) + "\n}\n", encoding="utf-8")


def table(lines: list[str]) -> str:
    """A JSON object with one member a line, so that a person can read what changes."""
    return "{\n" + ",\n".join(lines) + "\n }"


def about(version: str) -> str:
    """Where the table comes from."""
    return (
        f"The fields of Kubernetes {version}, derived by tools/kubernetes_api.py from its OpenAPI "
        "specification and Go types. Copyright The Kubernetes Authors, Apache License 2.0."
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
