"""A Secret whose value stands in the document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from midwatch.base import lazy
from midwatch.checks import facts, manifests, model

HOLE = lazy.pattern(
    r"^x+$|x{3,}|chang|replace|your|example|placeholder|redacted|\*{3,}|\.\.\.|base64|encoded|^$",
    re.IGNORECASE,
)
SECRET = lazy.pattern(r"pass|secret|token|key|credential|dsn|url|conn", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A Secret manifest with a value that is no placeholder."""
    for manifest in manifests.read(subject):
        if manifest.kind != "Secret":
            continue
        for table in ("data", "stringData"):
            values = manifests.at(manifest.data, table)
            for key, value in values.items() if isinstance(values, Mapping) else ():
                if SECRET.search(str(key)) and value and not HOLE.search(str(value)):
                    pattern = rf"^\W*{re.escape(str(key))}\W*:"
                    line = facts.line_of(subject, pattern, manifest.line, manifest.end_line)
                    yield model.Hit(
                        line, f"The value of `{key}` stands in the document for all to read."
                    )


RULE = model.Rule(
    id="manifest/plain-secret",
    severity=model.Severity.WARNING,
    summary="A Secret manifest with its value in the document.",
    why="Everybody who may read the repository, now or in its history, has the credential; "
    "base64 hides nothing.",
    fix="Put a placeholder there, rotate the credential, and keep it in a vault or a sealed "
    "secret.",
    example=model.Example(
        bad="```yaml\nkind: Secret\nstringData:\n  password: hunter2hunter2\n```\n",
        good="```yaml\nkind: Secret\nstringData:\n  password: <from the vault>\n```\n",
    ),
    check=check,
    doubt="An example value that does not look like one.",
)
