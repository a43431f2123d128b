"""What an export would do: claims that are new, those whose state above has changed, the rest.

A claim is one by its number above; before it has one, by firm, item and day, so that what came in here and
there is counted once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from benefits.catalogue.drafting import TOLD
from benefits.incoming.rows import Export, Row
from benefits.models import Claim, ItemVersion
from casework.incoming.plan import Change, IncomingPlan, digest_of_known, known_matters
from casework.incoming.rows import Row as MatterRow
from casework.models import Matter, ProcedureVersion
from departments.names.wording import plain
from office.workbooks.sheets import Fault

AT_ONCE = 500
MOST_NEAR, MOST_NOTED = 3, 30
Key = tuple[str, int, date]


@dataclass
class ClaimsPlan(IncomingPlan):
    """The matters of an export, and beside each new one its claim."""

    claims: dict[str, tuple[Row, ItemVersion]] = field(default_factory=dict)  # by the number above


def compared(export: Export, version: ProcedureVersion, channel: str) -> ClaimsPlan:
    plan = ClaimsPlan(version, channel, rows=len(export.rows) + len({one.row for one in export.faults}))
    faults, catalogue = list(export.faults), _Catalogue()
    stored, own = _known(export)
    plan.known = digest_of_known(stored, own)
    here = _claims_here(export.rows)
    near: list[str] = []
    taken: dict[Key, str] = {}
    for row in export.rows:
        found = _known_change(export, row, stored, own, version)
        if isinstance(found, Fault):
            faults.append(found)
            continue
        if found is None:
            item = catalogue.on(row)
            if item is None:
                text = f"“{row.item or row.item_code}”在申请当日不在清单中，请先在清单中发布，或者核对名称。"
                faults.append(export.table.fault(row.line, "item", "not listed", text))
                continue
            key = (row.credit_code, item.item_id, timezone.localdate(row.received_at))
            if earlier := taken.get(key):
                text = f"与编号{earlier}是同一企业同一日的同一事项，只计一次，请核对。"
                faults.append(export.table.fault(row.line, "number", "counted already", text))
                continue
            taken[key] = row.number
            same = here.get(key[:2], [])
            matter = next((one for one in same if one.received_on == key[2]), None)
            if matter is not None and matter.higher_number:
                text = f"同一企业同一日的同一事项已按编号{matter.higher_number}登记，只计一次，请核对。"
                faults.append(export.table.fault(row.line, "number", "counted already", text))
                continue
            if matter is not None:
                found = Change(_as_matter(row, None), matter, None, None, is_first=True)
            else:
                plan.new.append((_as_matter(row, item), item.department))
                plan.claims[row.number] = (row, item)
                near += _near(row, item, same, version)
                continue
        if found.is_one:
            plan.changes.append(found)
        else:
            plan.unchanged += 1
    plan.faults = sorted(faults, key=lambda fault: (fault.row, fault.column))
    plan.notes = [*export.notes(), *_told_of(near)]
    return plan


def _near(row: Row, item: ItemVersion, same: Sequence[Matter], version: ProcedureVersion) -> Iterator[str]:
    """Say where another claim of the firm for the item lies so near that it may be the same grant."""
    rule, day = version.procedure.repeats, timezone.localdate(row.received_at)
    if rule is None:
        return
    near = [one.number for one in same if abs((one.received_on - day).days) < rule.within_days]
    if near:
        yield f"{row.number}（{row.firm}，{item.name}）与{'、'.join(near[:MOST_NEAR])}"


def _told_of(near: Sequence[str]) -> Iterator[str]:
    if near:
        more = f"等 {len(near)} 行" if len(near) > MOST_NOTED else ""
        yield (
            f"以下各行的企业就同一事项另有申请，可能是同一笔，请核对后再导入：{'；'.join(near[:MOST_NOTED])}{more}。"
        )


def _known_change(
    export: Export, row: Row, stored: dict[str, Matter], own: dict[str, Matter], version: ProcedureVersion
) -> Change | Fault | None:
    """What the row says of a matter that carries its number or is named by its own."""
    as_matter = _as_matter(row, None)
    if (matter := stored.get(row.number)) is not None:
        if matter.procedure_id != version.procedure_id:
            text = f"编号已用于{matter.number}，不是惠企政策的申请，请核对。"
            return export.table.fault(row.line, "number", "another procedure", text)
        return Change(as_matter, matter, getattr(matter, "higher", None), None, is_first=False)
    matter = own.get(row.own_number) if row.own_number else None
    if matter is None:
        return None
    if matter.higher_number or matter.procedure_id != version.procedure_id:
        text = f"“{row.own_number}”已有另一个上级平台编号，或者属于另一规程，请核对。"
        return export.table.fault(row.line, "own_number", "another number", text)
    return Change(as_matter, matter, None, None, is_first=True)


def _known(export: Export) -> tuple[dict[str, Matter], dict[str, Matter]]:
    return known_matters([_as_matter(row, None) for row in export.rows])


def _claims_here(rows: Sequence[Row]) -> dict[tuple[str, int], list[Matter]]:
    """Claims that came to something by firm and item; first those that have no number above yet."""
    found: dict[tuple[str, int], list[Matter]] = {}
    for some in _some(sorted({row.credit_code for row in rows})):
        claims = Claim.objects.filter(firm__credit_code__in=some).select_related("matter", "firm", "version")
        claims = claims.exclude(matter__state__in=Claim.OVER)
        for claim in claims.order_by("matter__higher_number", "pk"):
            found.setdefault((claim.firm.credit_code, claim.version.item_id), []).append(claim.matter)
    return found


def _some(names: list[str]) -> Iterator[list[str]]:
    return (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))


def _as_matter(row: Row, item: ItemVersion | None) -> MatterRow:
    name = item.name if item else row.item
    return MatterRow(
        line=row.line,
        number=row.number,
        own_number=row.own_number,
        received_at=row.received_at,
        title=f"{row.firm}申请{name}"[:120],
        text=f"上级平台转来的申请：{name}。",
        unit=item.department.name if item else "",
        state=row.state,
        closed_on=row.closed_on,
        is_closed=row.is_closed,
        outcome=row.outcome,
        identity={"firm": row.firm},
    )


class _Catalogue:
    """The versions by what an export calls them: code here, code above, name."""

    def __init__(self) -> None:
        self._versions: dict[str, list[ItemVersion]] = {}
        rows = ItemVersion.objects.filter(state__in=TOLD).select_related("item", "department")
        for version in rows.order_by("-valid_from"):
            names = {version.item.code, version.item.higher_number, version.name}
            for name in filter(None, map(plain, names)):
                self._versions.setdefault(name, []).append(version)

    def on(self, row: Row) -> ItemVersion | None:
        """The version of the day of the claim."""
        day = timezone.localdate(row.received_at)
        for name in filter(None, (plain(row.item_code), plain(row.item))):
            for version in self._versions.get(name, ()):
                if _holds(version, day):
                    return version
        return None


def _holds(version: ItemVersion, day: date) -> bool:
    lasts = version.valid_to is None or day <= version.valid_to
    return version.valid_from <= day and lasts and (version.ended_on is None or day < version.ended_on)
