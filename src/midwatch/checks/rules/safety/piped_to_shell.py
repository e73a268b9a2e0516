"""A script from the network, run unread."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(
    r"\b(?:curl|wget)\b[^|]*\|\s*(?:sudo\s+)?(?:-\S+\s+)*(?:bash|sh|zsh|python3?)\b"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`curl … | bash`."""
    for sentence in sentences.every(subject, "curl", "wget"):
        found = FAULT.search(sentence.bare)
        if found:
            yield sentences.hit(
                sentence,
                "Whatever the server sends at this moment is run, and half of it when the "
                "connection breaks.",
            )


RULE = model.Rule(
    id="safety/piped-to-shell",
    severity=model.Severity.INFO,
    summary="A script from the network, run unread.",
    why="What runs today may not be what ran when the page was written.",
    fix="Download it, compare its checksum, read it, run it.",
    example=model.Example(
        bad="```bash\ncurl -fsSL https://get.parcels.test | bash\n```\n",
        good="```bash\ncurl -fsSLo get.sh https://get.parcels.test\nsha256sum -c "
        "get.sh.sha256\nbash get.sh\n```\n",
    ),
    check=check,
)
