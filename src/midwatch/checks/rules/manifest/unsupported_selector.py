"""A field selector that Kubernetes does not know for a kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.checks import facts, hits, kubernetes_api, model

ALWAYS = frozenset({"metadata.name", "metadata.namespace"})
FIELDS = {
    "Pod": "spec.nodeName spec.restartPolicy spec.schedulerName spec.serviceAccountName "
    "spec.hostNetwork status.phase status.podIP status.podIPs status.nominatedNodeName spec.host",
    "Event": "involvedObject.kind involvedObject.namespace involvedObject.name involvedObject.uid "
    "involvedObject.apiVersion involvedObject.resourceVersion involvedObject.fieldPath reason "
    "reportingComponent source type regarding.kind regarding.namespace regarding.name "
    "reportingController",
    "Secret": "type",
    "Namespace": "status.phase",
    "ReplicaSet": "status.replicas",
    "ReplicationController": "status.replicas",
    "Job": "status.successful",
    "Node": "spec.unschedulable",
    "Service": "spec.clusterIP spec.type",
    "CertificateSigningRequest": "spec.signerName",
    "ClusterTrustBundle": "spec.signerName",
    "PodCertificateRequest": "spec.signerName spec.podName spec.nodeName",
}
"""What each kind can be selected by (`AddFieldLabelConversionFunc` in Kubernetes 1.37)."""


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`--field-selector` with a field that the server refuses."""
    for tool in ("kubectl", "oc"):
        for found in facts.found(subject, tool):
            kind = kind_of(found)
            for field in refused(facts.flag(found.command, "--field-selector") or "", kind):
                known = ", ".join(f"`{each}`" for each in sorted(allowed(kind)))
                yield hits.of_command(
                    found,
                    f"A {kind} cannot be selected by `{field}`.",
                    fix=f"It can be by {known}; for the rest use labels, or `-o json` and `jq`.",
                )


def kind_of(found: facts.Found) -> str:
    """The kind of Kubernetes that a command lists or deletes."""
    command = found.command
    if command.path == ("events",):
        return "Event"
    name = command.operands[0].lower() if command.operands else ""
    if command.path not in {("get",), ("delete",), ("describe",), ("watch",)} or "/" in name:
        return ""
    return kubernetes_api.load().listed(name.removesuffix(".apps")).rpartition(" ")[2]


def allowed(kind: str) -> frozenset[str]:
    """The fields that a kind can be selected by."""
    return ALWAYS | frozenset(FIELDS.get(kind, "").split())


def refused(selector: str, kind: str) -> Iterator[str]:
    """The fields of a selector that the kind is not selected by."""
    for term in selector.strip("\"'").split(",") if kind else ():
        field = re.split(r"!=|==?", term)[0].strip()
        if re.fullmatch(r"[A-Za-z][\w.]*", field) and field not in allowed(kind):
            yield field


RULE = model.Rule(
    id="manifest/unsupported-selector",
    severity=model.Severity.ERROR,
    summary="A field selector that Kubernetes does not know for the kind.",
    why="The server answers “field label not supported”, and the list that the procedure works "
    "from is empty.",
    fix="Select by a field that the kind supports, by labels, or with `jq`.",
    example=model.Example(
        bad="```bash\nkubectl get deployments --field-selector status.readyReplicas=0\n```\n",
        good="```bash\nkubectl get pods --field-selector status.phase=Failed\n```\n",
    ),
    check=check,
    doubt="Kinds that are not Kubernetes' own are left alone.",
)
