"""Writing the audit: one call, inside the transaction of the act it records."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.db import connection, models

from office.models import AuditEntry, User

# Set per request by middleware; a command or worker leaves it empty.
client_address: ContextVar[str | None] = ContextVar("client_address", default=None)

# Writes in the same transaction what must be true together with the act (a job: its outcome).
done_with_it: ContextVar[Callable[[], None] | None] = ContextVar("done_with_it", default=None)


def record(
    verb: str,
    on: models.Model,
    *,
    acting_user: User | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write that `acting_user` did `verb` (a Chinese verb phrase) on the object `on`.

    Raises RuntimeError outside a transaction: an act and its audit row stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record needs the transaction of the act it records")
    entry = AuditEntry(
        actor=acting_user,
        actor_name=str(acting_user) if acting_user else "系统",
        role=acting_user.role if acting_user else "",
        verb=verb,
        object_type=str(on._meta.verbose_name),
        object_id=str(on.pk or ""),
        object_label=str(on)[:200],
        before=before or {},
        after=after or {},
        address=client_address.get(),
    )
    entry.save()
    if together := done_with_it.get():
        together()
    return entry


def record_of_system(verb: str, label: str, *, after: dict[str, Any]) -> AuditEntry:
    """Write what was done to the system as a whole, from the command line."""
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record_of_system needs a transaction")
    entry = AuditEntry(
        actor_name="系统", verb=verb, object_type="系统", object_label=label[:200], after=after
    )
    entry.save()
    return entry
