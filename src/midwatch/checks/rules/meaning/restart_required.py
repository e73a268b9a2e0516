"""A setting of Postgres that a reload does not apply."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model

POSTMASTER = frozenset(
    [
        "autovacuum_freeze_max_age",
        "autovacuum_max_workers",
        "autovacuum_multixact_freeze_max_age",
        "bonjour",
        "cluster_name",
        "config_file",
        "data_directory",
        "dynamic_shared_memory_type",
        "event_source",
        "external_pid_file",
        "hba_file",
        "hot_standby",
        "huge_pages",
        "huge_page_size",
        "ident_file",
        "jit_provider",
        "listen_addresses",
        "logging_collector",
        "max_connections",
        "max_files_per_process",
        "max_locks_per_transaction",
        "max_logical_replication_workers",
        "max_pred_locks_per_transaction",
        "max_prepared_transactions",
        "max_replication_slots",
        "max_wal_senders",
        "max_worker_processes",
        "min_dynamic_shared_memory",
        "old_snapshot_threshold",
        "port",
        "recovery_target",
        "recovery_target_name",
        "recovery_target_time",
        "recovery_target_timeline",
        "reserved_connections",
        "shared_buffers",
        "shared_memory_type",
        "shared_preload_libraries",
        "superuser_reserved_connections",
        "track_activity_query_size",
        "track_commit_timestamp",
        "unix_socket_directories",
        "unix_socket_group",
        "unix_socket_permissions",
        "wal_buffers",
        "wal_decode_buffer_size",
        "wal_level",
        "wal_log_hints",
        "archive_mode",
    ]
)
SETS = lazy.pattern(r"ALTER\s+SYSTEM\s+SET\s+(?P<name>\w+)", re.IGNORECASE)
RELOADS = lazy.pattern(
    r"pg_reload_conf|pg_ctl\b.*\breload|systemctl\s+reload\s+postgres", re.IGNORECASE
)
RESTARTS = lazy.pattern(
    r"\brestart\w*\b|rollout restart|pg_ctl\b.*\brestart|pg_ctlcluster\b.*restart", re.IGNORECASE
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`ALTER SYSTEM SET shared_buffers` followed by a reload only."""
    if not SETS.search(subject.text):
        return
    for procedure in subject.runbook.procedures:
        lines = [(n, subject.line(n)) for n in range(procedure.line, procedure.end_line + 1)]
        text = "\n".join(line for _, line in lines)
        if RESTARTS.search(text):
            continue
        for number, line in lines:
            sets = SETS.search(line)
            if sets and sets["name"].lower() in POSTMASTER:
                yield told(number, sets, bool(RELOADS.search(text)))


def told(number: int, sets: re.Match[str], reloaded: bool) -> model.Hit:  # noqa: FBT001
    """What is told of the setting."""
    tail = (
        "`pg_reload_conf()` leaves it as it was." if reloaded else "and nothing restarts it here."
    )
    return model.Hit(
        number,
        f"`{sets['name']}` takes effect only when the server starts; {tail}",
        column=sets.start() + 1,
        end_column=sets.end() + 1,
    )


RULE = model.Rule(
    id="meaning/restart-required",
    severity=model.Severity.ERROR,
    summary="A setting of Postgres that a reload does not apply.",
    why="Everybody believes that the limit was raised; it waits for the next restart, which then "
    "comes with settings nobody expects.",
    fix="Plan a restart, and look at `pending_restart` in `pg_settings` until then.",
    example=model.Example(
        bad="```sql\nALTER SYSTEM SET max_connections = 300;\nSELECT pg_reload_conf();\n```\n",
        good="```sql\nALTER SYSTEM SET max_connections = 300;\n```\n\n"
        "```bash\nsystemctl restart postgresql\n```\n",
    ),
    check=check,
)
