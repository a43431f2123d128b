"""What a backup holds of matters: the sealed identities as they lie, never the key; photos and proofs."""

from __future__ import annotations

from office import backups
from office.files import stored


def register() -> None:
    backups.keep_folder("matters", stored.private, "matters")
