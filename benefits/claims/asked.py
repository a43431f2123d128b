"""What a firm asks for, before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from benefits.models import Firm, FixedList, ItemVersion
from casework.matters import files


@dataclass(frozen=True)
class Asked:
    """What a firm asks for; `papers` and `files` by the id of a needed paper, else it is missing."""

    firm: Firm
    version: ItemVersion
    amount: Decimal | None = None
    account: str = ""
    papers: Mapping[int, str] = field(default_factory=dict)
    files: Mapping[int, Sequence[files.Read]] = field(default_factory=dict)
    contact: str = ""
    phone: str = ""
    text: str = ""
    is_promised: bool = False
    from_list: FixedList | None = None
    higher_number: str = ""
