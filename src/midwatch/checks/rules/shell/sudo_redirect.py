"""A file written without the rights that sudo was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(
    r"^sudo\s+(?:echo|printf|cat)\b[^|]*[^0-9&]>>?\s*(?P<file>/(?:etc|usr|var|opt|boot|root|proc|sys)/\S+)"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`sudo echo … > /etc/file`."""
    for sentence in sentences.every(subject, "sudo"):
        found = FAULT.search(sentence.text)
        if found:
            yield sentences.hit(
                sentence,
                f"`{found['file']}` is opened by your own shell, before sudo has any say: "
                "permission denied.",
            )


RULE = model.Rule(
    id="shell/sudo-redirect",
    severity=model.Severity.ERROR,
    summary="A file written without the rights that sudo was asked for.",
    why="The redirection is done by the shell, as you: the setting is never written, and the "
    "service goes on as before.",
    fix="Write `… | sudo tee FILE > /dev/null`.",
    example=model.Example(
        bad='```bash\nsudo echo "lanes=12" > /etc/sorter.conf\n```\n',
        good='```bash\necho "lanes=12" | sudo tee /etc/sorter.conf > /dev/null\n```\n',
    ),
    check=check,
)
