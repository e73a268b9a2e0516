"""One object of Kubernetes, or a patch to one, held against the fields that its kind has."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from midwatch.base import lazy, shape
from midwatch.checks import kubernetes_api, kubernetes_removals, kubernetes_values, manifests

if TYPE_CHECKING:
    import yaml
else:
    yaml = lazy.module("yaml")

Problem = kubernetes_values.Problem
Node: TypeAlias = "yaml.Node"
FILLED = lazy.pattern(r"\{\{[^{}\n]*\}\}|\$\([^()\n]*\)|\$\{[^}\n]*\}")
PARTIAL = lazy.pattern(r"^\s*#?\s*(?:\.\.\.|…)|(?:\.\.\.|…)\s*$", re.MULTILINE)
DEEPEST = 40
SAME, LIKE = 0.8, 0.6
FEW = 8
MERGED_BY = {
    "core.v1.Container": ("name",),
    "core.v1.ContainerPort": ("containerPort",),
    "core.v1.EnvVar": ("name",),
    "core.v1.ServicePort": ("port",),
    "core.v1.Volume": ("name",),
    "core.v1.VolumeMount": ("mountPath",),
}
"""How a patch finds the item of a list that it changes (`x-kubernetes-patch-merge-key`)."""
TOP = frozenset({"apiVersion", "kind", "metadata", "spec"})


@shape.frozen
class Fault:
    """One thing wrong in a manifest, where it stands."""

    problem: Problem
    kind: str
    line: int
    column: int
    end_column: int
    message: str
    fix: str = ""
    new: str | None = None
    """What may stand there instead."""
    applied: bool = False
    """A command of the document gives the manifest to the server."""


@shape.frozen
class Place:
    """An object while it is held against the table."""

    body: str
    """The YAML before the places to fill in were filled."""
    api: kubernetes_api.Api
    kind: str = ""
    type: str = ""
    partial: bool = False
    """The YAML says that something is left out."""
    patch: bool = False
    """It is what is to be changed of an object."""


@shape.frozen
class Spot:
    """Where in an object a value stands."""

    path: str
    at: Node
    """What is pointed at where something is missing there."""
    label: str
    """What people call it: the field's name, and for a member of a map the map's name as well."""

    def below(self, field: str, key: Node) -> Spot:
        """A field of it."""
        return Spot(f"{self.path}.{field}" if self.path else field, key, field)

    def member(self, name: str, key: Node) -> Spot:
        """A member of it, where it is a map."""
        return Spot(f"{self.path}.{name}", key, f"{self.label}.{name}")

    def item(self, number: int, item: Node) -> Spot:
        """An item of it, where it is a list."""
        return Spot(f"{self.path}[{number}]", item, self.label)


def faults(body: str) -> Iterator[Fault]:
    """The faults in one YAML document that holds an object; its first line is line 0."""
    root = composed(body)
    if isinstance(root, yaml.MappingNode):
        place = Place(body, kubernetes_api.load(), partial=bool(PARTIAL.search(body)))
        yield from of_object(place, root)


def faults_of_patch(body: str, type_: str, *, merged: bool) -> Iterator[Fault]:
    """The faults in a patch to an object of that type; `merged` by the keys of its lists."""
    root = composed(body)
    if isinstance(root, yaml.MappingNode):
        kind = type_.rpartition(".")[2]
        place = Place(body, kubernetes_api.load(), kind, type_, partial=not merged, patch=True)
        yield from of_mapping(place, root, type_, Spot("", root, ""))


def composed(text: str) -> Node | None:
    """The YAML's nodes, with words in place of what is to be filled in."""
    filled = manifests.HOLE.sub(manifests.same_length, FILLED.sub(manifests.same_length, text))
    try:
        node: Node | None = yaml.compose(filled, Loader=kubernetes_values.loader())
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return node


def of_object(place: Place, root: yaml.MappingNode, depth: int = 0) -> Iterator[Fault]:
    """The faults of one object, or of the objects in a list of them."""
    kind, api = scalar(child(root, "kind")), scalar(child(root, "apiVersion"))
    name = place.api.type_of(api, kind)
    if kind == "List" and depth == 0:
        items = child(root, "items")
        for item in items.value if isinstance(items, yaml.SequenceNode) else []:
            if isinstance(item, yaml.MappingNode):
                yield from of_object(place, item, depth + 1)
    elif name is None:
        yield from unknown_kind(place, root)
    else:
        twice = run_together(place, root)
        top = Spot("", child(root, "kind") or root, "")
        if twice is not None:
            yield twice
            return
        yield from of_mapping(dataclasses.replace(place, kind=kind, type=name), root, name, top)


def run_together(place: Place, root: yaml.MappingNode) -> Fault | None:
    """Two objects with nothing between them, which are read as one."""
    seen = set()
    for key, _ in root.value:
        name = scalar(key)
        if name in seen and name in TOP:
            message = f"`{name}` stands here a second time, and what stood first is lost."
            fix = "Put `---` between two objects."
            return fault(place, Problem.REPEATED_FIELD, key, message, fix=fix)
        seen.add(name)
    return None


def unknown_kind(place: Place, root: yaml.MappingNode) -> Iterator[Fault]:
    """A kind of Kubernetes' own under an API version that does not have it."""
    kind, api = scalar(child(root, "kind")), scalar(child(root, "apiVersion"))
    homes, node = place.api.homes(kind), child(root, "apiVersion")
    own = place.api.serves(api) or ("." not in api and "/" in api)
    if node is None or not homes or not own or has_hole(place, node):
        return
    if was_served(api, kind):
        return
    yield fault(
        place,
        Problem.UNKNOWN_KIND,
        node,
        f"Kubernetes has no `{kind}` in `{api}`.",
        fix=f"Write `apiVersion: {homes[-1]}`.",
        new=homes[-1],
    )


def of_mapping(place: Place, node: yaml.MappingNode, name: str, spot: Spot) -> Iterator[Fault]:
    """The faults in the fields of a type."""
    known = place.api.fields(name)
    given: set[str] = set()
    for key, value in node.value:
        field = scalar(key)
        if not field or field.startswith("$") or has_hole(place, key):
            continue
        below = spot.below(field, key)
        if field in given:
            yield repeated(place, below)
        given.add(field)
        if field in known:
            yield from of_value(place, value, known[field], below)
        elif field != "<<":
            yield unknown_field(place, key, value, spot.path)
    if "<<" not in given and not place.partial:
        needed = place.api.needed(name) if not place.patch else MERGED_BY.get(name, ())
        yield from missing(place, node, needed, spot)


def of_value(place: Place, node: Node, kind: str, spot: Spot) -> Iterator[Fault]:
    """The faults in the value of a field of that kind."""
    skipped = kind == "any" or is_null(node) or has_hole(place, node)
    if skipped or spot.path.count(".") > DEEPEST:
        return
    wanted = kubernetes_values.shape(kind)
    if wanted is not kubernetes_values.shape_of(node):
        if not kubernetes_values.is_stand_in(node):
            yield wrong_shape(place, node, wanted, spot)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from of_value(place, item, kind[2:], spot.item(number, item))
    elif isinstance(node, yaml.MappingNode) and kind.startswith("{}"):
        for key, value in node.value:
            yield from of_value(place, value, kind[2:], spot.member(scalar(key), key))
    elif isinstance(node, yaml.MappingNode):
        yield from of_mapping(place, node, kind, spot)
    elif isinstance(node, yaml.ScalarNode):
        yield from of_scalar(place, node, kind, spot)


def of_scalar(place: Place, node: yaml.ScalarNode, kind: str, spot: Spot) -> Iterator[Fault]:
    """The fault of a plain value, if there is one."""
    verdict = kubernetes_values.judge(node, kind)
    if kind == "quantity":
        verdict = verdict or kubernetes_values.fraction_of_a_byte(spot.label, node.value)
    if verdict is not None:
        message = f"`{spot.label}` {verdict.message}"
        kept = verdict.problem is Problem.WRONG_VALUE
        new = as_quoted(node, verdict.new) if kept else verdict.new
        yield fault(place, verdict.problem, node, message, fix=verdict.fix, new=new)


def as_quoted(node: Node, new: str | None) -> str | None:
    """What takes a word's place, in the quotes that the word has."""
    style = node.style or "" if isinstance(node, yaml.ScalarNode) else ""
    return f"{style}{new}{style}" if new is not None else None


def wrong_shape(place: Place, node: Node, wanted: kubernetes_values.Shape, spot: Spot) -> Fault:
    """A list where a table is wanted, text where a list is wanted, and so on."""
    got = kubernetes_values.shape_of(node)
    message = f"`{spot.label}` takes {wanted}, and this is {got}."
    return fault(place, Problem.WRONG_TYPE, node, message, fix=f"Write `{spot.path}` as {wanted}.")


def repeated(place: Place, spot: Spot) -> Fault:
    """A field that stands twice in one table."""
    message = f"`{spot.path}` stands here a second time, and what stood first is lost."
    return fault(place, Problem.REPEATED_FIELD, spot.at, message)


def unknown_field(place: Place, key: Node, value: Node, path: str) -> Fault:
    """A field that a type does not have, with what was meant or where it belongs."""
    field = scalar(key)
    trail = place.api.trail(place.type, path)
    known = place.api.fields(trail[-1].type)
    where = f"`{path}` of a {place.kind}" if path else f"A {place.kind}"
    near = nearest(field, known, SAME)
    new = None
    if near and plain(near) == plain(field):
        fits = kubernetes_values.shape(known[near]) is kubernetes_values.shape_of(value)
        new = near if fits else None
    return fault(
        place,
        Problem.UNKNOWN_FIELD,
        key,
        f"{where} has no field `{field}`.",
        fix=f"Write `{near}`." if near else belongs(place.api.home(trail, field), field, known),
        new=as_quoted(key, new),
    )


def belongs(home: str, field: str, known: Mapping[str, str]) -> str:
    """What to do with a field that no other in its place looks much like."""
    if home:
        return f"It belongs in `{home}`."
    near = nearest(field, known, LIKE)
    return f"Is it `{near}`?" if near else f"It has {names(known)}."


def nearest(field: str, known: Iterable[str], cutoff: float) -> str:
    """The field that looks most like it; nothing where none does."""
    return next(iter(difflib.get_close_matches(field, known, n=1, cutoff=cutoff)), "")


def plain(name: str) -> str:
    """A field's name without case, marks and plural: what a slip of the pen leaves as it is."""
    return re.sub(r"[^a-z0-9]", "", name.lower()).removesuffix("s")


def names(known: Iterable[str]) -> str:
    """A few of a type's fields."""
    listed = sorted(known)
    return ", ".join(f"`{each}`" for each in listed[:FEW]) + (" …" if len(listed) > FEW else "")


def missing(
    place: Place, node: yaml.MappingNode, needed: Iterable[str], spot: Spot
) -> Iterator[Fault]:
    """The fields that a type cannot do without and that are not given."""
    given = {scalar(key) for key, value in node.value if not is_null(value)}
    what = f"This {place.kind}" if not place.patch else "This patch"
    for field in needed:
        if field not in given and not any(name.startswith("$") for name in given):
            path = spot.below(field, node).path
            message = f"{what} has no `{path}`, so the API server refuses it."
            yield fault(place, Problem.MISSING_FIELD, spot.at, message, fix=f"Add `{path}`.")


def fault(
    place: Place,
    problem: Problem,
    node: Node,
    message: str,
    *,
    fix: str = "",
    new: str | None = None,
) -> Fault:
    """A fault at a node of the YAML, by its line there and its 1-based columns."""
    mark, end = node.start_mark, node.end_mark
    same_line = end.line == mark.line
    return Fault(
        problem,
        place.kind,
        mark.line,
        mark.column + 1,
        end.column + 1 if same_line else 0,
        message,
        fix,
        new if same_line and isinstance(node, yaml.ScalarNode) else None,
    )


def has_hole(place: Place, node: Node) -> bool:
    """Whether a plain value is to be filled in, as a whole or in part."""
    if not isinstance(node, yaml.ScalarNode):
        return False
    written = place.body[node.start_mark.index : node.end_mark.index]
    return bool(manifests.HOLE.search(written) or FILLED.search(written))


def was_served(api: str, kind: str) -> bool:
    """Whether older clusters have a kind in that API version."""
    return bool(
        kubernetes_removals.of_object(api, kind) or re.search(r"v\d+(?:alpha|beta)\d*$", api)
    )


def child(node: yaml.MappingNode, name: str) -> Node | None:
    """The value of a field; nothing where it is not given."""
    return next((value for key, value in node.value if scalar(key) == name), None)


def scalar(node: Node | None) -> str:
    """A plain value's text."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def is_null(node: Node) -> bool:
    """Whether nothing stands behind the colon."""
    return bool(node.tag == f"{kubernetes_values.TAG}null")
