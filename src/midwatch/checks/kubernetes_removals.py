"""Which Kubernetes release removed which API (the project's deprecated API migration guide)."""

from __future__ import annotations

from midwatch.base import shape


@shape.frozen
class Removal:
    """The release that no longer serves an API, and what to use instead."""

    release: str
    instead: str
    same_shape: str = ""
    """The API that takes the same manifest, changed in nothing but its `apiVersion`."""


TABLE = """
1.16 extensions/v1beta1 DaemonSet,Deployment,ReplicaSet apps/v1
1.16 extensions/v1beta1 NetworkPolicy networking.k8s.io/v1
1.16 apps/v1beta1 Deployment,StatefulSet apps/v1
1.16 apps/v1beta2 DaemonSet,Deployment,ReplicaSet,StatefulSet apps/v1
1.22 admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration,\
ValidatingWebhookConfiguration admissionregistration.k8s.io/v1
1.22 apiextensions.k8s.io/v1beta1 CustomResourceDefinition apiextensions.k8s.io/v1
1.22 apiregistration.k8s.io/v1beta1 APIService apiregistration.k8s.io/v1
1.22 certificates.k8s.io/v1beta1 CertificateSigningRequest certificates.k8s.io/v1
1.22 coordination.k8s.io/v1beta1 Lease coordination.k8s.io/v1 =
1.22 extensions/v1beta1 Ingress networking.k8s.io/v1
1.22 networking.k8s.io/v1beta1 Ingress,IngressClass networking.k8s.io/v1
1.22 rbac.authorization.k8s.io/v1beta1 ClusterRole,ClusterRoleBinding,Role,RoleBinding \
rbac.authorization.k8s.io/v1 =
1.22 scheduling.k8s.io/v1beta1 PriorityClass scheduling.k8s.io/v1 =
1.22 storage.k8s.io/v1beta1 CSIDriver,CSINode,StorageClass,VolumeAttachment storage.k8s.io/v1 =
1.25 batch/v1beta1 CronJob batch/v1 =
1.25 discovery.k8s.io/v1beta1 EndpointSlice discovery.k8s.io/v1
1.25 events.k8s.io/v1beta1 Event events.k8s.io/v1
1.25 autoscaling/v2beta1 HorizontalPodAutoscaler autoscaling/v2
1.25 policy/v1beta1 PodDisruptionBudget policy/v1
1.25 policy/v1beta1 PodSecurityPolicy
1.25 extensions/v1beta1 PodSecurityPolicy
1.25 node.k8s.io/v1beta1 RuntimeClass node.k8s.io/v1 =
1.26 autoscaling/v2beta2 HorizontalPodAutoscaler autoscaling/v2 =
1.26 flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema,PriorityLevelConfiguration \
flowcontrol.apiserver.k8s.io/v1
1.27 storage.k8s.io/v1beta1 CSIStorageCapacity storage.k8s.io/v1
1.29 flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema,PriorityLevelConfiguration \
flowcontrol.apiserver.k8s.io/v1
1.32 flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema,PriorityLevelConfiguration \
flowcontrol.apiserver.k8s.io/v1
"""
ADMISSION = "Pod Security Admission: `kubectl get namespaces -L pod-security.kubernetes.io/enforce`"
RESOURCES = {
    name: Removal("1.25", ADMISSION)
    for name in (
        "podsecuritypolicy",
        "podsecuritypolicies",
        "psp",
        "podsecuritypolicies.policy",
        "podsecuritypolicy.policy",
    )
}


def of_object(api: str, kind: str) -> Removal | None:
    """The removal of a kind in an API version, if there was one."""
    return OBJECTS.get((api, kind))


def of_resource(name: str) -> Removal | None:
    """The removal of a resource that commands name, whatever the API version."""
    return RESOURCES.get(name.lower())


def read(table: str) -> dict[tuple[str, str], Removal]:
    """The table by API version and kind; `=` marks those whose manifests keep their shape."""
    found = {}
    for row in table.strip().splitlines():
        release, api, kinds, *rest = row.split()
        for kind in kinds.split(","):
            instead = f"`{rest[0]}`" if rest else ADMISSION
            same = rest[0] if rest[1:] == ["="] else ""
            found[api, kind] = Removal(release, instead, same)
    return found


OBJECTS = read(TABLE)
