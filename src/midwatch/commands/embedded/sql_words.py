"""The words of SQL that decide: first words of statements, names of functions, kinds of nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from midwatch.base import lazy
from midwatch.commands import judging, model, vocabulary

TOKENS = lazy.pattern(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|(\$\w*\$).*?\1|--[^\n]*|/\*.*?\*/|;", re.DOTALL
)
EXPLAIN = lazy.pattern(
    r"\s*(?:EXPLAIN|DESCRIBE|DESC)\b((?:\s*\([^()]*\)|\s+(?:ANALYZE|ANALYSE|VERBOSE|EXTENDED|PLAN|AST|"
    r"SYNTAX|PIPELINE|ESTIMATE|QUERY|TREE|FORMAT\s*=?\s*\w+)\b)*)",
    re.IGNORECASE,
)
META_READS = lazy.pattern(
    r"d\w*|l|list|conninfo|x|timing|pset|a|t|H|C|f|echo|qecho|warn|q|q!|\?|h|help|z|sf|sv|encoding|errverbose|"
    r"c|connect|set|unset|prompt|if|elif|else|endif|p|print|r|reset|crosstabview|gdesc|watch|g|gx|G|"
    r"cd|copyright|!cd|drg|du|dp|dn|dt|df|di|ds|dv|dx|dl",
)
META_WRITES = frozenset({"o", "out", "w", "write", "s", "password"})
SPACE = lazy.pattern(r"\s+")
DELETES = lazy.pattern(r"(?<!ON )\bDELETE\b|\bTRUNCATE\b", re.IGNORECASE)
DROPS = lazy.pattern(
    r"\b(?:DROP\s+(?:COLUMN|PARTITION|PART|DETACHED|TABLE|DATABASE|(?!CONSTRAINT|DEFAULT|NOT|IDENTITY|EXPRESSION"
    r"|INDEX|KEY|FOREIGN|PRIMARY|PROJECTION|ATTRIBUTE)\w+)|TRUNCATE\s+PARTITION|DELETE\s+WHERE|CLEAR\s+COLUMN)",
    re.IGNORECASE,
)
GLOBAL = lazy.pattern(
    r"\s*SET\s+(?:GLOBAL|PERSIST|PERSIST_ONLY|PASSWORD|@@(?:GLOBAL|PERSIST))\b", re.IGNORECASE
)
SELECTING = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "FROM", "DECLARE"})

DESTROYING_NODES: Mapping[str, str] = {
    "Delete": "DELETE",
    "Drop": "DROP",
    "TruncateTable": "TRUNCATE",
    "DropPartition": "DROP PARTITION",
}
CHANGING_NODES: Mapping[str, str] = {
    "Insert": "INSERT",
    "Update": "UPDATE",
    "Create": "CREATE",
    "Merge": "MERGE",
    "Into": "SELECT INTO",
    "Copy": "COPY",
    "Grant": "GRANT",
    "Revoke": "REVOKE",
    "Analyze": "ANALYZE",
    "LoadData": "LOAD DATA",
    "Refresh": "REFRESH",
    "Comment": "COMMENT",
    "Kill": "KILL",
    "Attach": "ATTACH",
    "Detach": "DETACH",
    "AddPartition": "ADD PARTITION",
    "Export": "EXPORT",
    "Cache": "CACHE",
    "Uncache": "UNCACHE",
    "Directory": "INSERT OVERWRITE DIRECTORY",
}
OPAQUE_NODES = frozenset(
    {"Execute", "ExecuteSql", "Block", "IfBlock", "WhileBlock", "StoredProcedure"}
)

DISRUPTIVE_FUNCTIONS = frozenset(
    {"pg_terminate_backend", "pg_cancel_backend", "pg_promote", "pg_wal_replay_pause"}
)
WRITING_FUNCTIONS = lazy.pattern(
    r"pg_(?:reload_conf|rotate_logfile|switch_wal|switch_xlog|create_\w+|drop_\w+|start_backup|stop_backup|backup_start"
    r"|backup_stop|advisory_(?:xact_)?(?:lock|unlock)\w*|try_advisory\w*|stat_reset\w*|stat_statements_reset|replication_origin_\w+"
    r"|logical_slot_get_\w+|replication_slot_advance|copy_\w+|wal_replay_resume|notify|import_\w+"
    r"|extension_config_dump|log_backend_memory_contexts|file_\w+|logical_emit_message|prewarm|repack\w*)"
    r"|setval|nextval|set_config|lo_\w+|dblink\w*|sleep_release|get_lock|release_lock|release_all_locks"
    r"|cron_?schedule|schedule|unschedule|create_hypertable|drop_chunks|add_\w+_policy|remove_\w+_policy"
    r"|compress_chunk|decompress_chunk|refresh_continuous_aggregate|kill|rds_\w+|load_file|sys_exec|sys_eval"
    r"|query_to_xml\w*|xp_\w+|writefile|load_extension|edit",
    re.IGNORECASE,
)
READING_FUNCTIONS = lazy.pattern(
    r"pg_(?!sleep)(?:\w*size\w*|stat_get_\w+|stat_file|is_\w+|last_\w+|current_\w+|wal_lsn_diff|xlog_location_diff|get_\w+"
    r"|table_is_visible|postmaster_start_time|conf_load_time|backend_pid|blocking_pids|safe_snapshot_blocking_pids"
    r"|ls_\w+|read_file|relation_\w+|tablespace_\w+|database_\w+|total_\w+|indexes_\w+|encoding_to_char|has_role|describe_\w+"
    r"|show_\w+|settings_\w+|walfile_\w+|collation_\w+|typeof|column_\w+|my_temp_schema|control_\w+|replication_slots"
    r"|lock_status|visible_in_snapshot|snapshot_\w+|trigger_depth|function_is_visible|sequence_last_value|stat_activity"
    r"|buffercache\w*|freespace|partition_\w+|options_to_table|wait_events?)"
    r"|pg_sleep|has_\w+_privilege|to_\w+|from_\w+|json\w*|jsonb\w*|array\w*|string_\w+|regexp_\w+|format\w*|col_description|obj_description"
    r"|txid_\w+|version|current_\w+|inet_\w+|quote_\w+|date_\w+|time\w*|age|now|clock_timestamp|statement_timestamp"
    r"|extract|split_part|concat\w*|substr\w*|md5|sha\d*|encode|decode|length|octet_length|bit_length|row_number"
    r"|rank|dense_rank|lag|lead|first_value|last_value|ntile|percentile_\w+|generate_series|unnest|width_bucket|mod"
    r"|greatest|least|nullif|coalesce|abs|ceil\w*|floor|round|trunc\w*|power|sqrt|random|gen_random_uuid|uuid\w*"
    r"|is\w+|if|ifnull|nvl|isnull|count\w*|sum\w*|avg\w*|min\w*|max\w*|any\w*|all|uniq\w*|quantile\w*|group\w*|top\w*"
    r"|database|schema|user|session_user|system_user|connection_id|last_insert_id|found_rows|row_count|found_rows"
    r"|unix_timestamp|from_unixtime|str_to_date|curdate|curtime|utc_\w+|year|month|day\w*|hour|minute|second\w*|week\w*"
    r"|datediff|timestampdiff|timediff|add\w*days|hostname\w*|uptime|formatreadable\w+|tostart\w+|todate\w*|tostring|toint\w*"
    r"|touint\w*|tofloat\w*|todecimal\w*|toyyyymm\w*|multiif|dictget\w*|empty|notempty|has\w*|arrayjoin|bar|runningdifference"
    r"|position\w*|like|ilike|match|extract\w*|replace\w*|trim|ltrim|rtrim|lpad|rpad|left|right|reverse|upper|lower|initcap"
    r"|char\w*|ascii|chr|hex|unhex|bin|inet\w*|ip\w*|cast|convert\w*|try_\w+|safe_\w+|typeof|total_changes|changes|julianday|strftime"
    r"|gtid_\w+|json_\w+|st_\w+|similarity|word_similarity|ts_\w+|plainto_\w+|websearch_\w+|phraseto_\w+|setweight"
    r"|hypertable_\w+|approximate_\w+|time_bucket\w*|locf|interpolate|histogram|cluster\w*all\w*|remote\w*|numbers\w*|lowcardinality"
    r"|stddev\w*|variance|var_\w+|corr|covar_\w+|regr_\w+|mode|bool_and|bool_or|every|cardinality|row|exists|in|not|and|or",
    re.IGNORECASE,
)


def bare(text: str) -> str:
    """The text without comments and with empty strings, on one line."""
    return SPACE.sub(" ", TOKENS.sub(_emptied, text)).strip()


def _emptied(match: re.Match[str]) -> str:
    token = match[0]
    if token.startswith(("--", "/*")):
        return " /*! " if token.startswith("/*!") else " "
    return "''" if token[0] in "'$" else token


def of_first_word(first: str, text: str) -> judging.Verdict | None:
    """What a statement does when its first word tells it; None when the tree must."""
    if "/*!" in text:
        return judging.unknown("it hides SQL in a comment that MySQL carries out")
    special = SPECIAL.get(first)
    if special:
        return special(text)
    if first in DESTROYS:
        return judging.destroy(f"{first} loses data")
    if first in CHANGES:
        return judging.change(f"{first} changes the database")
    if first in READS:
        return judging.read(f"{first} changes nothing that lasts")
    return None


def alter(text: str) -> judging.Verdict:
    """ALTER changes; where it drops a column or a partition, it destroys."""
    if DROPS.search(text):
        return judging.destroy("ALTER … DROP loses data")
    return judging.change("ALTER changes the database")


def _writing(text: str) -> judging.Verdict:
    if DELETES.search(text):
        return judging.destroy("there is a DELETE in it")
    return judging.change(f"{text.split(maxsplit=1)[0].upper()} changes the database")


def _set(text: str) -> judging.Verdict:
    if GLOBAL.match(text):
        return judging.change("SET GLOBAL changes the whole server")
    return judging.read("SET changes this session only")


def _copy(text: str) -> judging.Verdict:
    upper = text.upper()
    if DELETES.search(text):
        return judging.destroy("there is a DELETE in it")
    if re.search(r"\bPROGRAM\b", upper):
        return judging.unknown("COPY … PROGRAM runs a program")
    if re.search(r"\bTO\s+STDOUT\b", upper) and not DELETES.search(text):
        return (
            _writing(text)
            if re.search(r"\b(?:INSERT|UPDATE)\b", upper)
            else judging.read("COPY TO STDOUT only looks")
        )
    return judging.change("COPY writes")


def _kill(_text: str) -> judging.Verdict:
    return judging.change("KILL cuts a session off", model.Trait.DISRUPTIVE)


def _start(text: str) -> judging.Verdict:
    if re.match(r"\s*START\s+TRANSACTION\b", text, re.IGNORECASE):
        return judging.read("START TRANSACTION changes nothing by itself")
    return judging.change("it starts or stops replication", model.Trait.DISRUPTIVE)


def _pragma(text: str) -> judging.Verdict:
    if "=" in text or re.search(
        r"wal_checkpoint|optimize|incremental_vacuum|shrink", text, re.IGNORECASE
    ):
        return judging.change("PRAGMA sets something")
    return judging.read("PRAGMA shows a setting")


def _opaque(text: str) -> judging.Verdict:
    return judging.unknown(
        f"{text.split(maxsplit=1)[0].upper()} runs a program inside the database"
    )


DESTROYS = frozenset({"DELETE", "DROP", "TRUNCATE", "PURGE", "UNDROP"}) - {"UNDROP"}
CHANGES = vocabulary.of(
    """
    CREATE VACUUM ANALYZE ANALYSE REINDEX GRANT REVOKE REFRESH CLUSTER COMMENT LOCK LOAD
    OPTIMIZE REPAIR FLUSH RESET CHECKPOINT NOTIFY DISCARD ATTACH DETACH RENAME SYSTEM IMPORT
    CHANGE SECURITY REASSIGN UNLOCK INSTALL UNINSTALL BINLOG CACHE UNDROP EXCHANGE MOVE
    BACKUP CLONE
    """
)
READS = vocabulary.of(
    """
    SHOW USE BEGIN COMMIT ROLLBACK END SAVEPOINT RELEASE ABORT LISTEN UNLISTEN FETCH CLOSE
    DEALLOCATE EXISTS CHECK CHECKSUM HELP STATUS EXIT QUIT
    """
)
SPECIAL: Mapping[str, Callable[[str], judging.Verdict]] = {
    "INSERT": _writing,
    "UPDATE": _writing,
    "REPLACE": _writing,
    "MERGE": _writing,
    "UPSERT": _writing,
    "ALTER": alter,
    "SET": _set,
    "COPY": _copy,
    "KILL": _kill,
    "START": _start,
    "STOP": _start,
    "PRAGMA": _pragma,
    "CALL": _opaque,
    "DO": _opaque,
    "EXECUTE": _opaque,
    "PREPARE": _opaque,
    "RESTORE": lambda _: judging.destroy("RESTORE writes over what is there"),
    "SHUTDOWN": lambda _: judging.change("SHUTDOWN stops the server", model.Trait.DISRUPTIVE),
}
