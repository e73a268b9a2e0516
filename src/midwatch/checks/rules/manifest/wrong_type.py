"""A value of another type than the field's."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import kubernetes_hits, model


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A number where text is wanted, text where a number or a list is wanted, and so on."""
    return kubernetes_hits.of(subject, kubernetes_hits.Problem.WRONG_TYPE)


RULE = model.Rule(
    id="manifest/wrong-type",
    severity=model.Severity.ERROR,
    summary="A value of another type than the field of a Kubernetes kind takes.",
    why="The API server cannot read the manifest (“cannot unmarshal number into Go struct field”) "
    "and nothing of it is applied.",
    fix="Quote text that looks like a number or like true and false; leave numbers unquoted.",
    example=model.Example(
        bad="```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: sorter\nspec:\n"
        "  containers:\n  - name: sorter\n    image: registry.example/sorter:1\n"
        "    env:\n    - name: LANES\n      value: 12\n```\n",
        good="```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: sorter\nspec:\n"
        "  containers:\n  - name: sorter\n    image: registry.example/sorter:1\n"
        '    env:\n    - name: LANES\n      value: "12"\n```\n',
    ),
    check=check,
    doubt="Places to fill in (`<count>`, `${COUNT}`, `{{ count }}`, `COUNT`) are left alone.",
)
