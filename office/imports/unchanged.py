"""Whether the rows an import was compared with are still the same when it writes.

An import is compared before its transaction, because SQLite has one writer and voters wait for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, models, transaction

from office.errors import Refused


def changed_since_preview() -> Refused:
    return Refused("预览之后系统中的数据有了变化", "请重新预览后再导入。")


def digest_of_rows(*kinds: type[models.Model]) -> str:
    known = hashlib.sha256()
    for kind in kinds:
        for row in _rows(kind).order_by("pk").values_list().iterator():
            known.update(repr(row).encode())
    return known.hexdigest()


@contextmanager
def require_unchanged(compared: str, *kinds: type[models.Model]) -> Iterator[None]:
    """Refuse the block if the rows of `kinds` no longer have the digest `compared`.

    The block is one transaction that holds the rows of the first of them locked: of two imports at
    once, which would both find a row missing, the second one waits here. A row that somebody else
    stores by another way breaks a constraint, and is refused as a change.
    """
    try:
        with transaction.atomic():
            list(_rows(kinds[0]).select_for_update().values_list("pk"))
            if digest_of_rows(*kinds) != compared:
                raise changed_since_preview()
            yield
    except IntegrityError as error:
        raise changed_since_preview() from error


def _rows(kind: type[models.Model]) -> Any:
    return kind._meta.default_manager
