"""A secret on the screen."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

NAME = (
    r"(?:\w*_)?(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|SECRET_ACCESS_KEY|ACCESS_KEY_ID"
    r"|PRIVATE_KEY|CREDENTIALS?)(?:_\w+)?"
)
ECHO = lazy.pattern(
    rf"^(?:echo|printf)\s+(?:\"?%s\"?\s+)?[^|>\n]*\$\{{?(?P<name>{NAME})\b\}}?[^|>\n]*$",
    re.IGNORECASE,
)
DECODES = lazy.pattern(
    r"\bget\s+secrets?\b.*\bbase64\s+(?:-d|-D|--decode)|\bget\s+secrets?\b.*(?:base64decode|@base64d)",
    re.DOTALL,
)
FILES = lazy.pattern(
    r"^(?:cat|less|more|head|tail)\s+\S*(?:\.env(?:\.\w+)?|credentials|\.pgpass|id_rsa|secrets?\.ya?ml)\s*$"
)
ENVIRONMENT = lazy.pattern(
    r"\b(?:env|printenv)\b\s*\|\s*grep\s+(?:-\w+\s+)*[\"']?\S*(?:pass|secret|key|token)",
    re.IGNORECASE,
)
TOOLS = lazy.pattern(
    r"\b(?:vault\s+kv\s+get|aws\s+secretsmanager\s+get-secret-value|op\s+read|gcloud\s+secrets\s+versions\s+access|pass\s+show)\b"
)
EVERYTHING = lazy.pattern(
    r"\b(?:exec|run)\b.*\s(?:--\s+)?(?:\S*/)?(?:env|printenv)\s*$"
    r"|\bget\s+secrets?[\s/](?!.*(?:--all-namespaces|\s-A\b)).*-o\s*=?\s*(?:ya?ml|json)\s*$"
)
"""All variables of a container, or a whole Secret, whose base64 hides nothing."""
KEPT = lazy.pattern(
    r"^\s*(?:export\s+)?\w+=|>\s*\S|\|\s*(?:pbcopy|xclip|wl-copy|sha\d+sum|md5sum|wc|kubectl|docker|psql|mysql|openssl)\b|\$\($|/dev/null"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A command that ends with a secret on the terminal."""
    for sentence in sentences.every(subject):
        what = printed(sentence)
        if what:
            hit = sentences.hit(
                sentence, f"{what} to the terminal, its scrollback and its recording."
            )
            guess = what.startswith("Every")
            yield dataclasses.replace(hit, severity=model.Severity.INFO) if guess else hit


def printed(sentence: sentences.Sentence) -> str:
    """What goes to the terminal; nothing where it goes elsewhere."""
    words = sentence.words
    if KEPT.search(sentence.bare.replace("\v", " ")):
        return ""
    echo = ECHO.match(words)
    if echo:
        return f"`${echo['name']}` goes"
    if DECODES.search(words):
        return "The decoded secret goes"
    if FILES.match(words) or ENVIRONMENT.search(words):
        return "Credentials go"
    if TOOLS.search(words):
        return "The secret goes"
    return "Everything in there, secrets too, goes" if EVERYTHING.search(words) else ""


RULE = model.Rule(
    id="safety/secret-printed",
    severity=model.Severity.WARNING,
    summary="A secret on the screen.",
    why="It stays in the scrollback, in the session recording, and in the incident channel where "
    "somebody pastes the output; in the middle of an incident the screen is shared.",
    fix='Test it without showing it (`[ -n "$NAME" ]`, a login), or send it to the clipboard or a '
    "file with mode 600.",
    example=model.Example(
        bad="```bash\nkubectl get secret desk-db -o jsonpath='{.data.password}' | base64 -d\n```\n",
        good="```bash\nkubectl get secret desk-db -o jsonpath='{.data.password}' | base64 -d | "
        "wl-copy\n```\n",
    ),
    check=check,
)
