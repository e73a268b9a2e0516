"""The safe replacement for a finding, where one pattern says what is to be written instead.

A repair sees the faulty text only, from the finding's place to the end of its lines, and changes
nothing where it is not sure. `tests/cases/checks/repairs` holds each one, before and after.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from midwatch.base import lazy
from midwatch.checks import model

if TYPE_CHECKING:
    import yaml
else:
    yaml = lazy.module("yaml")

Repair = Callable[[str, model.Hit], str]
WRITE = lazy.pattern(r"^Write `(?P<new>[^`]+)`")
QUOTES = lazy.pattern(r"['\"`$\\]")
TTY = lazy.pattern(r"(?P<flag>\s-(?:it|ti))(?:=true)?(?=\s)|\s(?:-t|--tty)(?:=true)?(?=\s)")
COMPOSE = lazy.pattern(
    r"(?P<before>\b(?:docker-compose|docker\s+compose)\b[^|;&\n]*?\s(?:exec|run))(?=\s)"
)
NEEDED = lazy.pattern(
    r"(?<![\w/.-])(?:h?top|vim?|nano|less|more|watch|man)(?![\w.-])|(?:\s|/)(?:ba|z|a|da)?sh\s*(?:$|\n|[|>])"
)
"""Programs that are nothing without a terminal."""
TOOL = lazy.pattern(r"\b(?:kubectl|oc|docker(?:-compose)?|podman|nerdctl)\s")
ADDRESS = lazy.pattern(r"https?://[^'\"\s`{}\[\]]+")
FENCE = lazy.pattern(r"^(?P<mark>[\s>]*(?:[-*+]\s+|\d+[.)]\s+)?[`~]{3,}\s*)(?:bash|sh|shell|zsh)\b")
LANGUAGE = lazy.pattern(r"reads as (?P<name>\w+);")
VARIABLE = lazy.pattern(r"\$\{?(?P<name>\w+)\}?(?P<tail>/[\w./*-]*)")
ECHOED = lazy.pattern(
    r"sudo[ \t]+(?P<what>(?:echo|printf)[ \t][^|;&<>\n]*?)[ \t]*(?P<how>>>?)[ \t]*"
    r"(?P<file>/[\w./-]+)[ \t]*(?P<rest>#[^\n]*)?"
)
TESTED = lazy.pattern(
    r"(?P<sudo>sudo\s+)?(?P<loads>nginx\s+-s\s+reload|systemctl\s+(?:reload|restart)\s+nginx"
    r"|service\s+nginx\s+(?:reload|restart))\b(?=\s*(?:$|\n|#|;|&&))"
)


def of(rule: str, lines: tuple[str, ...], hit: model.Hit) -> model.Replacement | None:
    """What may be written instead of the faulty piece of a file; nothing where that is not sure."""
    repair = REPAIRS.get(rule)
    if repair is None or not 0 < hit.line <= len(lines):
        return None
    last = min(max(hit.line, hit.end_line), len(lines))
    text = "\n".join(lines[hit.line - 1 : last])[hit.column - 1 :]
    new = repair(text, hit)
    return None if new == text else narrowed(text, new, hit)


def narrowed(text: str, new: str, hit: model.Hit) -> model.Replacement:
    """The change from one text to the other, without what they share at either end."""
    first = shared(text, new)
    behind = shared(text[first:][::-1], new[first:][::-1])
    line, column = place(text, first, hit)
    end_line, end_column = place(text, len(text) - behind, hit)
    return model.Replacement(line, column, end_line, end_column, new[first : len(new) - behind])


def shared(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def place(text: str, at: int, hit: model.Hit) -> tuple[int, int]:
    """The line and column of the file that a place in the faulty text has."""
    before = text[:at]
    broken = before.rfind("\n")
    column = hit.column + at if broken < 0 else at - broken
    return hit.line + before.count("\n"), column


def replaced(pattern: re.Pattern[str], new: str, count: int = 1) -> Repair:
    """A repair that writes something else for what a pattern finds."""
    return lambda text, _: pattern.sub(new, text, count=count)


def without_terminal(text: str, _hit: model.Hit) -> str:
    """`-it` becomes `-i`, `-t` goes, and docker compose is told not to open one."""
    tool = TOOL.search(text)
    own = text[tool.start() :] if tool else text
    if "$(" in own or "`" in own or NEEDED.search(own):
        return text
    compose = COMPOSE.search(text)
    if compose:
        return f"{text[: compose.end()]} -T{text[compose.end() :]}"
    return TTY.sub(lambda found: " -i" if found["flag"] else "", text, count=1)


def as_advised(text: str, hit: model.Hit) -> str:
    """What the finding's own advice says, in place of the part that it points at."""
    advice, length = WRITE.match(hit.fix), hit.end_column - hit.column
    if advice is None or length <= 0 or hit.end_line not in {0, hit.line}:
        return text
    return f"{advice['new']}{text[length:]}"


def quoted_address(text: str, hit: model.Hit) -> str:
    """An address of which the shell would take a part, in quotes."""
    length = hit.end_column - hit.column
    if length <= 0 or not ADDRESS.fullmatch(text[:length]):
        return text
    mark = '"' if "$" in text[:length] else "'"
    return f"{mark}{text[:length]}{mark}{text[length:]}"


def tagged(text: str, hit: model.Hit) -> str:
    """A fence marked as what its block is."""
    language = LANGUAGE.search(hit.message)
    if language is None or (language["name"] == "yaml" and not is_yaml(text)):
        return text
    return FENCE.sub(rf"\g<mark>{language['name']}", text, count=1)


def is_yaml(block: str) -> bool:
    """Whether what stands between two fences parses."""
    body = "\n".join(block.split("\n")[1:-1])
    try:
        list(yaml.safe_load_all(textwrap.dedent(body)))
    except (yaml.YAMLError, ValueError, RecursionError):
        return False
    return True


def quoted_variable(text: str, hit: model.Hit) -> str:
    """`$DIR/*` as `"${DIR:?}"/*`; a name without a path behind it may hold several words."""
    length = hit.end_column - hit.column
    found = VARIABLE.fullmatch(text[:length]) if length > 0 else None
    return f'"${{{found["name"]}:?}}"{found["tail"]}{text[length:]}' if found else text


def lag_column(text: str, _hit: model.Hit) -> str:
    """The column that is the lag, in a plain `{print $5}`."""
    return re.sub(r"(\{\s*print \$)[45](\s*\})", r"\g<1>6\2", text, count=1)


def written_by_root(text: str, _hit: model.Hit) -> str:
    """`echo … | sudo tee FILE > /dev/null`."""
    found = ECHOED.fullmatch(text)
    if found is None:
        return text
    tee = "tee -a" if found["how"] == ">>" else "tee"
    rest = f"  {found['rest']}" if found["rest"] else ""
    return f"{found['what']} | sudo {tee} {found['file']} > /dev/null{rest}"


def tested_first(text: str, _hit: model.Hit) -> str:
    """`nginx -t && …`."""

    def both(found: re.Match[str]) -> str:
        sudo = found["sudo"] or ""
        return f"{sudo}nginx -t && {sudo}{found['loads']}"

    return TESTED.sub(both, text, count=1)


def available(text: str, _hit: model.Hit) -> str:
    """The metric of what programs can use."""
    return text.replace("node_filesystem_free_bytes", "node_filesystem_avail_bytes").replace(
        "node_memory_MemFree_bytes", "node_memory_MemAvailable_bytes"
    )


REPAIRS: Mapping[str, Repair] = {
    "alert/free-for-available": available,
    "command/missing-file-prefix": as_advised,
    "meaning/consumer-group-column": lag_column,
    "meaning/curl-without-fail": replaced(lazy.pattern(r"\bcurl(?=\s)"), "curl -f"),
    "meaning/jq-counts-lines": replaced(lazy.pattern(r"\bjq(?=\s)"), "jq -c"),
    "meaning/logs-selector-tail": replaced(
        lazy.pattern(r"(\b(?:kubectl|oc|k)\s(?:[^|;&\n]*?\s)?logs)(?=\s)"), r"\1 --tail=-1"
    ),
    "meaning/reload-untested": tested_first,
    "meaning/stderr-not-searched": replaced(
        lazy.pattern(r"(\b(?:docker|podman)\s+logs\b[^|;&>\n]*?)(\s*\|\s*grep\b)"), r"\1 2>&1\2"
    ),
    "safety/forced-push": replaced(
        lazy.pattern(r"(\bgit\s+push\b[^;&|\n]*?\s)(?:-f|--force)(?=\s|$)"),
        r"\1--force-with-lease",
    ),
    "safety/keys-blocks": replaced(
        lazy.pattern(
            r"(\bredis-cli\b[^|;&\n'\"]*?\s)(?:keys|KEYS)(\s+(?:'[^']*'|\"[^\"]*\"|[\w:*-]+))"
        ),
        r"\1--scan --pattern\2",
    ),
    "shell/cron-percent": replaced(lazy.pattern(r"(?<!\\)%"), r"\\%", count=0),
    "shell/mistagged-fence": tagged,
    "shell/sudo-redirect": written_by_root,
    "shell/tty-in-script": without_terminal,
    "shell/tty-redirected": without_terminal,
    "shell/unquoted-variable": quoted_variable,
    "shell/url-unquoted": quoted_address,
}
"""The repairs by the id of their rule; rules that know the replacement themselves give it."""
