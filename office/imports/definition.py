"""Definition of an import: its words, its action, its preview and its two services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module
from typing import Any

from django import forms
from django.conf import settings

from office.models import User
from office.workbooks.sheets import MAX_FILE, MAX_UNPACKED, MEGABYTE, ReportProgress, unpacked_size

LONGEST_LIST = 200
IN_REQUEST_UNPACKED = 8 * MEGABYTE


@dataclass
class Preview:
    """What an import would do."""

    digest: str
    headings: list[str]
    rows: list[tuple[str, list[int]]]
    notes: list[str] = field(default_factory=list)
    faults: Sequence[object] = ()  # each says in words what is wrong where
    changes: list[str] = field(default_factory=list)
    change_count: int = 0  # where not all changes are listed
    writes: bool = True

    def shown(self) -> dict[str, Any]:
        """Return what the page shows, no more of a long list than anybody reads."""
        faults, changes = len(self.faults), max(self.change_count, len(self.changes))
        listed = {
            "faults": [str(fault) for fault in self.faults[:LONGEST_LIST]],
            "changes": self.changes[:LONGEST_LIST],
        }
        brief = asdict(Preview(self.digest, self.headings, self.rows, self.notes, writes=self.writes))
        return {**brief, **listed, "fault_count": faults, "change_count": changes}


@dataclass(frozen=True)
class Agreed:
    """What somebody saw in a preview and now wants imported: exactly this, or nothing."""

    content: bytes
    file_name: str
    option: Any
    digest: str


@dataclass(frozen=True)
class Import:
    """One kind of import: its words, who may do it, and the two services behind it.

    `option` is the answer to the one question the page may ask: `option` as a box to tick, or `asks` as
    a line to fill in.
    """

    title: str
    lead: str
    action: str
    url_name: str
    option: str
    faults_stop: Callable[[bool], bool]
    preview: Callable[[bytes, Any, User, ReportProgress], Preview]
    run: Callable[[Agreed, User, ReportProgress], str]
    asks: Callable[[], forms.CharField] | None = None
    file_kind: str = "工作簿"
    accept: str = ".xlsx"
    largest: int = MAX_FILE
    in_request: int | None = None  # bytes previewed at once; unsaid: IMPORT_BYTES_AT_ONCE
    can_mark: bool = True  # whether the file can come back with its faults marked
    leads_to: str = ""  # the page that lists what was imported
    leads_to_label: str = ""
    holds_persons: bool = False  # who reported what: goes with the import, no marked copy is kept

    @property
    def file_label(self) -> str:
        return f"{self.file_kind}（{self.accept}，不超过 {self.largest // MEGABYTE} MB）"

    @property
    def session_key(self) -> str:
        return f"import {self.url_name}"

    def is_long(self, content: bytes) -> bool:
        """Whether looking through a file takes longer than a browser should wait.

        What is larger still is refused at a glance, so that needs no job.
        """
        at_once = settings.IMPORT_BYTES_AT_ONCE if self.in_request is None else self.in_request
        if len(content) > at_once:
            return True
        return IN_REQUEST_UNPACKED < unpacked_size(content) <= MAX_UNPACKED


IMPORTS: dict[str, Import] = {}


def offer(what: Import) -> Import:
    """Register an import for the background worker; called where its page is defined."""
    IMPORTS[what.url_name] = what
    return what


def offered(url_name: str) -> Import:
    """Return an import by its page; a worker, which serves no pages, must load the URLs first."""
    import_module(settings.ROOT_URLCONF)
    return IMPORTS[url_name]
