"""Whether the database is set so that it forgets the order of votes: what a shuffle cannot reach.

Copies of the write-ahead log, logs of statements and times of commits stand outside the tables. Settings of
PostgreSQL alone; SQLite keeps nothing beside its file and its journal, and the shuffle empties that.
"""

from __future__ import annotations

from django.db import connection

from surveys.keys import write_ahead_log
from surveys.models import Survey

RIGHT = {
    "archive_mode": "off",
    "wal_keep_size": "0",
    "track_commit_timestamp": "off",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_statement": "none",
    "auto_explain.log_min_duration": "-1",
    "pgaudit.log": "none",
}
COPIES = "SELECT (SELECT COUNT(*) FROM pg_replication_slots), (SELECT COUNT(*) FROM pg_stat_replication)"


def faults() -> list[str]:
    """Return what is set otherwise, each a sentence that says how it should be; empty where all is right."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(RIGHT)])
        found = [
            f"数据库参数 {name} 为 {value}，应为 {RIGHT[name]}。"
            for name, value in sorted(cursor.fetchall())
            if value != RIGHT[name]
        ]
        cursor.execute(COPIES)
        slots, replicas = cursor.fetchone()
        if slots:
            found.append(f"数据库有 {slots} 个复制槽，会保留预写日志，应予删除。")
        if replicas:
            found.append(f"数据库正在向 {replicas} 处复制，应在评价期间停止。")
        if not write_ahead_log.may_forget(cursor):
            found.append(
                "数据库用户无权清理预写日志，应授予 pg_checkpoint 角色和"
                " pg_switch_wal()、pg_ls_waldir() 的执行权。"
            )
    return found


def note_changes() -> None:
    """Add what was set wrongly since the opening to the open surveys; nothing noted goes away again."""
    found = faults()
    for survey in Survey.objects.filter(state=Survey.State.OPEN):
        noted = survey.database_faults or []
        survey.database_faults = [*noted, *(one for one in found if one not in noted)]
        survey.save(update_fields=["database_faults"])
