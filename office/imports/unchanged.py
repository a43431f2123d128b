"""What stands in the database while an import is compared with it, as one digest.

An import is compared before its transaction, because SQLite has one writer and voters wait for it;
inside, the same digest tells that nothing it was compared with has changed.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import models

from office.errors import Refused
from office.workbooks.sheets import STALE


def standing(*kinds: type[models.Model]) -> str:
    """Return a digest of every row of these models."""
    known = hashlib.sha256()
    for kind in kinds:
        rows: Any = kind._meta.default_manager
        for row in rows.order_by("pk").values_list().iterator():
            known.update(repr(row).encode())
    return known.hexdigest()


def require_same(compared: str, *kinds: type[models.Model]) -> None:
    """Refuse, inside the transaction, what was compared with other rows than stand there now."""
    if standing(*kinds) != compared:
        raise Refused(STALE)
