"""An autoscaler that waits for a metric nobody serves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, manifests, model

PROVIDER = lazy.pattern(
    r"prometheus[- ]adapter|custom[- ]metrics|external[- ]metrics|\bkeda\b|metrics adapter|"
    r"metrics\.k8s\.io/|datadog-cluster-agent|stackdriver",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A HorizontalPodAutoscaler on a custom metric, in a document that names no adapter."""
    scalers = [m for m in manifests.read(subject) if m.kind == "HorizontalPodAutoscaler"]
    if not scalers or PROVIDER.search(subject.text):
        return
    for manifest in scalers:
        metrics = manifests.at(manifest.data, "spec", "metrics")
        if not isinstance(metrics, list):
            continue
        for metric in metrics:
            kind = str(manifests.at(metric, "type"))
            if kind in {"Pods", "Object", "External"}:
                name = str(manifests.at(metric, kind.lower(), "metric", "name"))
                line = facts.line_of(
                    subject, rf"name:\s*{re.escape(name)}\b", manifest.line, manifest.end_line
                )
                yield model.Hit(
                    line,
                    f"`{name}` is a custom metric, and nothing here says which adapter serves it.",
                )


RULE = model.Rule(
    id="manifest/metric-without-provider",
    severity=model.Severity.WARNING,
    summary="An autoscaler on a custom metric, without a word about the adapter that serves it.",
    why="Without an adapter the autoscaler says `FailedGetPodsMetric` and never scales, which "
    "shows on the day the load comes.",
    fix="Name the adapter (prometheus-adapter, KEDA) and how to see the metric: "
    "`kubectl get --raw /apis/custom.metrics.k8s.io/v1beta1`.",
    example=model.Example(
        bad="```yaml\nkind: HorizontalPodAutoscaler\nspec: {metrics: [{type: Pods, pods: "
        "{metric: {name: jobs_waiting}}}]}\n```\n",
        good="The metric comes from prometheus-adapter (see Prerequisites).\n",
    ),
    check=check,
    doubt="The adapter may be described in another document.",
)
