"""Each block as what it is: commands to type, a script, a manifest, a query, or something shown."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from midwatch.base import lazy
from midwatch.runbook import comments, consoles, excerpts, fragments, languages, passages

NAMED = lazy.pattern(
    r"\s*(?:#|//|--|;)+\s*(?:(?:save|store|put|write|create)d?\s+(?:this\s+|it\s+)?(?:as|to|in|at)\s*:?\s*|(?:file(?:\s?name)?|script|path)\s*:\s*)?"
    r"[`\"']?(?P<name>(?:[\w.~-]*/)*[\w.-]+\.(?:sh|bash|zsh|py|rb|js|ts|pl|ya?ml|json|toml|sql|conf|cfg|ini|env|service|timer|cron|tf|properties|xml|txt|rules))[`\"']?\s*$",
    re.IGNORECASE,
)
COMMENTED = lazy.pattern(r"[ \t]*#[ \t]?(?P<text>[^#\s!].*?)[ \t]*$")
SHEBANG = lazy.pattern(r"\s*#!\s*/\S+(?:\s+(?P<program>[\w.+-]+))?")
SAVED = lazy.pattern(r"\s*#\s*(?:save|saved|store|put)\b", re.IGNORECASE)
OBJECT = lazy.pattern(r"^apiVersion:\s*\S", re.MULTILINE)
KIND = lazy.pattern(r"^kind:\s*\S", re.MULTILINE)
SCRIPTS = (".sh", ".bash", ".zsh", ".py", ".rb", ".pl", ".js", ".ts")
HEAD = 6
"""A block names its file within its first lines."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A block, recognised; its shell text is ready to be read."""

    passage: passages.Passage
    tag: str
    language: str
    role: str
    typed: excerpts.Excerpt
    """What would be typed or saved: without prompts, output and foreign lines."""
    outputs: tuple[consoles.Output, ...] = ()
    file_name: str | None = None
    dropped: tuple[consoles.Output, ...] = ()
    """Lines of another language inside a block of commands."""
    commented: Mapping[int, excerpts.Excerpt] = dataclasses.field(default_factory=dict)
    """Commands behind a comment mark, by line."""

    @property
    def is_shell(self) -> bool:
        """Whether its text goes to the shell reader."""
        return self.language == "bash" and self.role in {"steps", "script"}


def prepare(passage: passages.Passage) -> Prepared:
    """The block that a passage holds, recognised."""
    words = passage.info.split()
    tag = words[0] if words else ""
    plain = tag.strip("{}!.").split(",")[0].lower()
    language = languages.decide(plain, passage.text)
    console = consoles.database(passage.excerpt) if language in {"bash", "text", "sql"} else None
    if console is not None:
        return Prepared(passage, tag, "sql", "steps", console.typed, console.outputs)
    file_name = _name(passage.text)
    if language != "bash":
        typed, outputs = passage.excerpt, ()
        role = _role(language, passage.text, file_name)
        return Prepared(passage, tag, language, role, typed, outputs, file_name)
    if _is_script(passage.text, file_name):
        return _script(passage, tag, file_name)
    return _session(passage, tag, plain, file_name)


def _script(passage: passages.Passage, tag: str, file_name: str | None) -> Prepared:
    match = SHEBANG.match(passage.text)
    program = match.group("program") if match else None
    language = "bash"
    if (program or "").startswith(("python", "ruby", "perl", "node", "php")):
        language = str(program)
    return Prepared(passage, tag, language, "script", passage.excerpt, (), file_name)


def _session(passage: passages.Passage, tag: str, plain: str, file_name: str | None) -> Prepared:
    prompt = consoles.prompt(passage.excerpt.lines(), plain)
    if prompt is not None:
        session = consoles.read(passage.excerpt, prompt)
        found = Prepared(passage, tag, "bash", "steps", session.typed, session.outputs, file_name)
    else:
        typed, dropped = fragments.strip(passage.excerpt)
        found = Prepared(passage, tag, "bash", "steps", typed, (), file_name, dropped)
    return dataclasses.replace(found, commented=_commented(found.typed))


def _commented(typed: excerpts.Excerpt) -> dict[int, excerpts.Excerpt]:
    """The lines that are a command behind a comment mark."""
    found = {}
    for index, line in enumerate(typed.lines()):
        match = COMMENTED.match(line)
        if match and comments.is_command(match.group("text"), inside=True):
            start = typed.starts[index]
            part = typed.part(start + match.start("text"), start + match.end("text"))
            found[part.line] = part
    return found


def _name(text: str) -> str | None:
    for line in text.split("\n", HEAD)[:HEAD]:
        match = NAMED.match(line)
        if match:
            return match.group("name")
        if line.strip() and not line.lstrip().startswith(("#", "//", "--", ";")):
            return None
    return None


def _is_script(text: str, file_name: str | None) -> bool:
    """Whether a shell block defines a file rather than being typed."""
    body = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if text.lstrip().startswith("#!"):
        return bool(body)
    if file_name is None or not file_name.endswith(SCRIPTS) or not body:
        return False
    base = file_name.rsplit("/", 1)[-1]
    if any(SAVED.match(line) for line in text.split("\n", HEAD)[:HEAD]):
        return True
    return len(body) > 1 and not any(base in line for line in body)


def _role(language: str, text: str, file_name: str | None) -> str:
    if text.lstrip().startswith("#!") or (
        file_name and file_name.endswith(SCRIPTS) and language in {"python", "ruby", "perl"}
    ):
        return "script"
    if language in {"sql", "http"}:
        return "steps"
    if language == "promql":
        return "query"
    if language in {"yaml", "json"} and (OBJECT.search(text) and KIND.search(text)):
        return "manifest"
    return "output" if language in {"output", "text"} else "example"
