"""How a service refuses: in the user's language, with nothing changed."""

from __future__ import annotations

import errno
from collections.abc import Sequence

NOTHING_CHANGED = "未作任何更改。"


class Refused(Exception):  # noqa: N818 - reads as what happened, not as a defect
    """A service did not do what was asked, and changed nothing: the sentence says both by itself.

    `why` is a Chinese clause without a full stop, `to_do` a whole sentence about the way on; `faults`
    lists the single faults behind it (one line each, already readable), for imports and forms.
    """

    def __init__(self, why: str, to_do: str = "", *, faults: Sequence[str] = ()) -> None:
        self.why, self.to_do = why.removesuffix("。"), to_do
        self.message = f"{self.why}，{NOTHING_CHANGED}{to_do}"
        super().__init__(self.message)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join((self.message, *self.faults))


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
DISK_FULL_IN_WORDS = "服务器磁盘空间不足，这次操作没有完成。请系统管理员清理磁盘后再试。"


def is_disk_full(error: BaseException | None) -> bool:
    """Whether a fault, or what led to it, is that nothing more can be written."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return True
        # What SQLite and PostgreSQL say of it.
        if "disk is full" in str(error) or type(error).__name__ == "DiskFull":
            return True
        error = error.__cause__ or error.__context__
    return False


STALE = frozenset({errno.ESTALE, errno.EIO, errno.EHOSTDOWN})
FILES_AWAY_IN_WORDS = "文件存储暂时无法读写，这次操作没有完成。请稍后再试；如持续出现，请联系系统管理员。"


def is_folder_away(error: BaseException | None) -> bool:
    """Whether a fault, or what led to it, is a shared folder whose server has gone or been started again."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in STALE:
            return True
        error = error.__cause__ or error.__context__
    return False
