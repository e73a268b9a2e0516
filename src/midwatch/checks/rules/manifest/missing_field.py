"""A manifest that the API server would send back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from midwatch.checks import (
    facts,
    kubernetes_faults,
    kubernetes_hits,
    kubernetes_patches,
    manifests,
    model,
)

WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
REQUIRED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(WORKLOADS, ("spec.selector", "spec.template")),
    "CronJob": ("spec.schedule", "spec.jobTemplate"),
    "HorizontalPodAutoscaler": ("spec.scaleTargetRef", "spec.maxReplicas"),
    "PersistentVolumeClaim": ("spec.accessModes", "spec.resources.requests.storage"),
    "Job": ("spec.template",),
    "Ingress": ("spec",),
    "RoleBinding": ("roleRef",),
    "ClusterRoleBinding": ("roleRef",),
}
POD_OF_JOB = {
    "Job": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A whole manifest that lacks what its kind requires."""
    told = set()
    for fault in (*kubernetes_faults.read(subject), *kubernetes_patches.read(subject)):
        if fault.problem is kubernetes_hits.Problem.MISSING_FIELD and fault.applied:
            told.add(fault.message)
            yield kubernetes_hits.hit(fault)
    for manifest in manifests.read(subject):
        if not manifest.api or not manifest.kind:
            continue
        missing = next(lacking(manifest), None)
        message = f"This {manifest.kind} has no `{missing}`, so the API server refuses it."
        if missing is not None and message not in told:
            line = facts.line_of(subject, r"^\W*kind:", manifest.line, manifest.end_line)
            applied = manifest.block.language in facts.SHELLS
            yield model.Hit(
                line,
                message,
                fix=f"Add `{missing}`.",
                severity=model.Severity.ERROR if applied else model.Severity.INFO,
            )


def lacking(manifest: manifests.Manifest) -> Iterator[str]:
    """The required fields that a manifest does not have."""
    data = manifest.data
    if not manifest.name and not manifests.at(data, "metadata", "generateName"):
        yield "metadata.name"
    for path in REQUIRED.get(manifest.kind, ()):
        if manifests.at(data, *path.split(".")) is None:
            yield path
    pod = POD_OF_JOB.get(manifest.kind)
    if pod and manifests.at(data, *pod) and not manifests.at(data, *pod, "restartPolicy"):
        yield ".".join((*pod, "restartPolicy"))


RULE = model.Rule(
    id="manifest/missing-field",
    severity=model.Severity.ERROR,
    summary="A manifest without a field that its kind requires.",
    why="`kubectl apply` sends it back, in the middle of the procedure.",
    fix="Add the field; `kubectl apply --dry-run=server -f -` tells whether it is complete.",
    example=model.Example(
        bad="```bash\nkubectl apply -f - <<EOF\napiVersion: batch/v1\nkind: Job\n"
        "metadata: {name: cleaner}\nspec:\n  template:\n    spec:\n      containers:\n"
        "      - name: cleaner\n        image: registry.example/cleaner:1\nEOF\n```\n",
        good="```bash\nkubectl apply -f - <<EOF\napiVersion: batch/v1\nkind: Job\n"
        "metadata: {name: cleaner}\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n"
        "      containers:\n      - name: cleaner\n        image: registry.example/cleaner:1\n"
        "EOF\n```\n",
    ),
    check=check,
    doubt="A block that only shows a part of a manifest is told as `info`.",
)
