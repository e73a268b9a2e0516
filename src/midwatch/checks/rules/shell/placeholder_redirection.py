"""A hole such as `<pod-name>` that the shell takes for a redirection."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model

HOLE = lazy.pattern(
    r"(?<![<\w'\"=/:.@-])<(?P<name>[A-Za-z][\w. -]*)>(?P<after>\s+[^\s>|&;#\\]\S*)?"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """The first unquoted hole of the document, and how many there are."""
    found = [
        (number, match)
        for block in facts.shell_blocks(subject)
        if block.role in {"steps", "script"}
        for number, line in facts.block_lines(subject, block)
        if not line.lstrip().startswith("#")
        for match in HOLE.finditer(line)
    ]
    if not found:
        return
    number, hole = found[0]
    text = f"<{hole['name']}>"
    writes = f" and writes to a file `{hole['after'].strip()}`" if hole["after"] else ""
    more = f" ({len(found)} places in this document)" if len(found) > 1 else ""
    yield model.Hit(
        number,
        f"Pasted as it stands, `{text}` reads from a file "
        f"`{hole['name'].split()[0]}`{writes}{more}.",
        column=hole.start() + 1,
        end_column=hole.start() + 1 + len(text),
    )


RULE = model.Rule(
    id="shell/placeholder-redirection",
    severity=model.Severity.INFO,
    summary="A hole that the shell takes for a redirection.",
    why="Forgotten to be filled in, the command does not fail as expected: `<` and `>` open files, "
    "and `>` empties the one behind it.",
    fix='Write `POD=…` on a line of its own and use `"$POD"`, or run the page with Midwatch, which '
    "asks for it.",
    example=model.Example(
        bad="```bash\nkubectl delete pod <pod> -n tickets\n```\n",
        good='```bash\nPOD=desk-0\nkubectl delete pod "$POD" -n tickets\n```\n',
    ),
    check=check,
)
