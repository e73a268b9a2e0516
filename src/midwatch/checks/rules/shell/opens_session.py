"""A step that opens a session and does not say what to do in it."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.checks.rules.shell import context_switch, opens_editor
from midwatch.commands import model as commands

CONSOLES = frozenset(
    [
        "bash",
        "sh",
        "zsh",
        "psql",
        "mysql",
        "mongo",
        "mongosh",
        "redis-cli",
        "cqlsh",
        "clickhouse-client",
        "sqlplus",
        "python",
        "python3",
        "node",
        "irb",
        "rails",
        "pprof",
        "go",
        "sqlite3",
        "influx",
    ]
)
RUN_SCRIPTS = frozenset({"bash", "sh", "python", "python3", "node"})
FED = lazy.pattern(r"<(?![A-Za-z-][\w .:-]*>)|\|\s*(?:\S+\s+exec\b|psql|mysql|sqlite3)")
"""Something is piped or read in."""


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A shell or a console that waits for someone to type."""
    told = {hit.line for hit in context_switch.check(subject)}
    for found in facts.found(subject):
        command = found.command
        if found.line in told:
            continue  # what stands below it in its block is what should be typed
        if command.tool not in CONSOLES or found.step.fence_line == 0 or command.inside:
            continue
        if FED.search(found.step.text) or facts.has_flag(
            command, "-e", "--execute", "-c", "--eval"
        ):
            continue
        if commands.Trait.INTERACTIVE not in command.traits or opens_editor.opens(command):
            continue
        script = command.tool in RUN_SCRIPTS and command.operands
        if script and command.path != ("manage.py", "dbshell"):
            continue
        how = (
            "what follows must be typed into it by hand"
            if facts.block_below(subject, found)
            else "nothing says what to type"
        )
        yield hits.of_command(
            found, f"`{hits.short(command.text, 50)}` opens a session, and {how}."
        )


RULE = model.Rule(
    id="shell/opens-session",
    severity=model.Severity.INFO,
    summary="A step that opens a shell or a console.",
    why="What is done in there is on no record, and whoever has not done it before does not know "
    "what to type.",
    fix='Give the command itself: `psql -c "SELECT …"`, `kubectl exec POD -- COMMAND`.',
    example=model.Example(
        bad="```bash\nkubectl exec -it desk-db-0 -- psql -U desk\n```\n",
        good="```bash\nkubectl exec desk-db-0 -- psql -U desk "
        '-c "SELECT count(*) FROM pg_stat_activity"\n```\n',
    ),
    check=check,
)
