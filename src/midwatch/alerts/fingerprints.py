"""What makes two alerts one: the source's own mark, else a hash of all labels.

Never the summary: it names the instances that fire just now, so the same alert would become
another one each time a machine joins (GoAlert #4461).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

LENGTH = 16


def of_labels(labels: Mapping[str, str]) -> str:
    """The mark of a set of labels, whatever order they came in."""
    digest = hashlib.sha256()
    for name in sorted(labels):
        digest.update(name.encode() + b"\xff" + labels[name].encode("utf-8", "replace") + b"\xff")
    return digest.hexdigest()[:LENGTH]
