"""What a database can do with a statement: take it back or not, by itself or in a session."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping

from midwatch.commands.embedded import sql as sql_text
from midwatch.commands.embedded import sql_words


class Held(enum.Enum):
    """Whether a transaction can hold a statement."""

    YES = "yes"
    NO = "no"


AT_ONCE: Mapping[str, re.Pattern[str]] = {
    "postgres": re.compile(
        r"VACUUM\b|(?:CREATE|DROP|REINDEX|ALTER)\b.*\bCONCURRENTLY\b|ALTER\s+SYSTEM\b|CALL\b|DO\b"
        r"|(?:CREATE|DROP)\s+(?:DATABASE|TABLESPACE|SUBSCRIPTION)\b|CHECKPOINT\b|CLUSTER\s*;?\s*$"
        r"|REINDEX\s+(?:\(.*?\)\s*)?(?:DATABASE|SYSTEM|SCHEMA)\b"
        r"|ALTER\s+DATABASE\b.*\bSET\s+TABLESPACE\b|.*\bpg_(?:reload_conf|terminate_backend"
        r"|cancel_backend|rotate_logfile|switch_wal|promote|backup_\w+)\s*\(",
        re.IGNORECASE | re.DOTALL,
    ),
    "mysql": re.compile(r"(?!(?:INSERT|UPDATE|DELETE|REPLACE|SELECT|WITH)\b)", re.IGNORECASE),
    "sqlite": re.compile(r"(?:VACUUM|PRAGMA|ATTACH|DETACH)\b", re.IGNORECASE),
    "clickhouse": re.compile(""),
}
"""Statements that take effect at once, whatever one says around them."""
LONG = re.compile(
    r"VACUUM|ANALYZE|OPTIMIZE|.*\bCONCURRENTLY\b|REINDEX|CREATE\s+(?:UNIQUE\s+)?INDEX|CLUSTER",
    re.IGNORECASE | re.DOTALL,
)
"""What may well take hours, and is worse off when it is cut."""
SESSION = re.compile(
    r"(?:BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|ABORT|USE|PREPARE|EXECUTE"
    r"|DEALLOCATE|LOCK|UNLOCK|DECLARE|FETCH|CLOSE|DISCARD|RESET|LISTEN|UNLISTEN"
    r"|SET(?!\s+(?:GLOBAL|PERSIST)\b)|CREATE\s+(?:LOCAL\s+|GLOBAL\s+)?TEMP(?:ORARY)?)\b",
    re.IGNORECASE,
)
OF_A_CONSOLE = re.compile(r"(?m)^\s*\\|\\[gG]x?\s*;?\s*$|^\s*\.(?=[a-z])")
NAMES: Mapping[str, str] = {"postgres": "PostgreSQL", "mysql": "MySQL", "sqlite": "SQLite"}


def held(statement: str, dialect: str) -> Held:
    """Whether the database takes the statement back when its transaction is."""
    bare = sql_words.bare(statement).strip()
    return Held.NO if AT_ONCE[dialect].match(bare) else Held.YES


def at_once_sentence(statement: str, dialect: str) -> str:
    """What a person must know before a statement that cannot be taken back; else nothing."""
    if held(statement, dialect) is Held.YES:
        return ""
    first = " ".join(sql_words.bare(statement).split()[:2]).rstrip(";")
    if dialect == "clickhouse":
        return "ClickHouse has no transactions: this takes effect at once, without a preview."
    name = NAMES[dialect]
    return f"{name} carries {first} out at once: no preview, and no way back by ROLLBACK."


def is_long(statement: str) -> bool:
    """Whether the statement may take hours by its nature."""
    return bool(LONG.match(sql_words.bare(statement).strip()))


def needs_session(statement: str) -> bool:
    """Whether it only means something together with its neighbours in one session."""
    return bool(SESSION.match(sql_words.bare(statement).strip()))


def of_console(statement: str) -> bool:
    """Whether it holds commands of a console such as `psql`, which no server knows."""
    return bool(OF_A_CONSOLE.search(statement))


def count(text: str) -> int:
    """How many statements there are in a text."""
    return sum(1 for _ in sql_text.split(text))
