"""Keeping a pool as large and as fresh as it should be (GY-R1; FC-R13)."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from office import audit, dates, roles
from office.calendar.working_time import after_months
from office.errors import Refused
from surveys.draws import lot
from surveys.models import (
    HandedInSample,
    MarketEntity,
    Pool,
    PoolCell,
    PoolMember,
    PoolStratum,
    Supervisor,
)
from surveys.respondents.pools.conflicts import Judged

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from office.models import User

AT_ONCE = 500
Source = PoolMember.Source


@dataclass(frozen=True)
class Filled:
    """How many came in, how many of them were handed in by departments, and how many are still missing."""

    added: int
    handed_in: int
    missing: int


def fill_stratum(*, stratum: PoolStratum, today: date, acting_user: User) -> Filled:
    """Fill the cells of a stratum up to their sizes, at random; nobody picks who comes in."""
    roles.require(acting_user, "pool.edit")
    with transaction.atomic():
        pool = Pool.objects.select_for_update().get(pk=stratum.pool_id)
        stratum = PoolStratum.objects.get(pk=stratum.pk)
        if stratum.source == PoolStratum.Source.LIST:
            raise Refused(f"“{stratum}”由推荐名单产生，不能自动补足", "请用“导入样本”导入名单。")
        seed = secrets.token_hex(8)
        filling = _Filling(pool, stratum, today, seed)
        for cell in stratum.cells.order_by("order", "id"):
            filling.fill(cell)
        PoolMember.objects.bulk_create(filling.members, batch_size=AT_ONCE)
        handed_in = sum(one.source == Source.HANDED_IN for one in filling.members)
        done = Filled(len(filling.members), handed_in, filling.missing)
        if not done.added:
            raise Refused(
                f"“{stratum}”没有可以补入的样本" if done.missing else f"“{stratum}”已经满额，不需要补足",
                "请先更新市场主体名录或监督员名单。" if done.missing else "",
            )
        after = {
            "类别": stratum.name,
            "补入": done.added,
            "其中单位报送": done.handed_in,
            "仍缺": done.missing,
            "补入抽取码": seed,
        }
        audit.record("补足样本库", pool, acting_user=acting_user, after=after)
    return done


class _Filling:
    """One filling of a stratum: who came in, and how many are still missing."""

    def __init__(self, pool: Pool, stratum: PoolStratum, today: date, seed: str) -> None:
        self.pool, self.stratum, self.today, self.seed = pool, stratum, today, seed
        here = PoolMember.objects.filter(pool=pool, left_on=None)
        self.taken = set(here.values_list("number", flat=True))
        self.there = Counter(here.values_list("cell_id", flat=True))
        handed = here.filter(source=Source.HANDED_IN)
        self.handed = Counter(handed.values_list("cell_id", flat=True))
        self.judged = Judged()
        self.members: list[PoolMember] = []
        self.missing = 0

    def fill(self, cell: PoolCell) -> None:
        wanted = max(0, cell.size - self.there[cell.pk])
        if wanted and self.stratum.source == PoolStratum.Source.SUPERVISORS:
            wanted -= self._take_supervisors(cell, wanted)
        elif wanted:
            most = cell.size * self.pool.most_handed_in // 100 - self.handed[cell.pk]
            wanted -= self._take_handed_in(cell, min(wanted, max(0, most)))
            wanted -= self._take_entities(cell, wanted)
        self.missing += wanted

    def _add(self, cell: PoolCell, number: str, name: str, source: str, **more: Any) -> None:
        self.taken.add(number)
        self.members.append(
            PoolMember(
                pool=self.pool,
                cell=cell,
                number=number,
                name=name,
                source=source,
                joined_on=self.today,
                renew_on=after_months(self.today, self.stratum.renewal_months),
                **more,
            )
        )

    def _chosen(self, numbers: Iterable[str], wanted: int) -> tuple[str, ...]:
        free = set(numbers) - self.taken
        return lot.draw(free, seed=self.seed, preferred=(), invited=wanted, substitutes=0).invited

    def _take_supervisors(self, cell: PoolCell, wanted: int) -> int:
        found = Supervisor.objects.filter(is_active=True)
        if cell.name:
            found = found.filter(area=cell.name)
        known = {f"监督员{one.pk}": one for one in found}
        chosen = self._chosen(known, wanted)
        for number in chosen:
            one = known[number]
            more = {"supervisor": one, "employer": one.organization, "phone": one.phone}
            self._add(cell, number, one.name, Source.SUPERVISORS, **more)
        return len(chosen)

    def _take_handed_in(self, cell: PoolCell, wanted: int) -> int:
        """Take from what departments handed in, each enterprise once, however many named it."""
        if not wanted:
            return 0
        found = HandedInSample.objects.filter(is_withdrawn=False).order_by("period", "id")
        known = {one.code: one for one in found if not self.judged.employ(one.name)}
        entities = {one.code: one for one in self._entities(cell).filter(code__in=known)}
        open_to_all = not cell.entity_kind and cell.town_id is None
        chosen = self._chosen(known if open_to_all else entities, wanted)
        for code in chosen:
            one = known[code]
            more = {"entity": entities.get(code), "phone": one.phone}
            self._add(cell, code, one.name, Source.HANDED_IN, **more)
        return len(chosen)

    def _entities(self, cell: PoolCell) -> QuerySet[MarketEntity]:
        found = MarketEntity.objects.filter(is_active=True)
        if cell.entity_kind:
            found = found.filter(kind=cell.entity_kind)
        return found.filter(town=cell.town_id) if cell.town_id else found

    def _take_entities(self, cell: PoolCell, wanted: int) -> int:
        if not wanted:
            return 0
        known = dict(self._entities(cell).values_list("code", "name"))
        free = (code for code, name in known.items() if not self.judged.employ(name))
        chosen = self._chosen(free, wanted)
        entities = MarketEntity.objects.in_bulk(chosen, field_name="code")
        for code in chosen:
            one = entities[code]
            self._add(cell, code, one.name, Source.REGISTER, entity=one)
        return len(chosen)


def keep_due(*, stratum: PoolStratum, today: date, acting_user: User) -> int:
    """Keep the members of a stratum whose time is over for another period, after somebody looked at them."""
    until = after_months(today, stratum.renewal_months)
    with transaction.atomic():
        number = _due(stratum, today, acting_user).update(renew_on=until)
        after = {"类别": stratum.name, "续期": number, "续至": dates.day(until)}
        audit.record("核对到期样本并续期", stratum.pool, acting_user=acting_user, after=after)
    return number


def release_due(*, stratum: PoolStratum, today: date, acting_user: User) -> int:
    """Let the members of a stratum whose time is over go; others can then be filled in."""
    with transaction.atomic():
        due = _due(stratum, today, acting_user)
        number = due.update(left_on=today, left_reason="到期更换", phone="")
        after = {"类别": stratum.name, "退出": number}
        audit.record("到期样本退出", stratum.pool, acting_user=acting_user, after=after)
    return number


def _due(stratum: PoolStratum, today: date, acting_user: User) -> QuerySet[PoolMember]:
    roles.require(acting_user, "pool.edit")
    Pool.objects.select_for_update().get(pk=stratum.pool_id)
    due = PoolMember.objects.filter(cell__stratum=stratum, left_on=None, renew_on__lte=today)
    if not due.exists():
        raise Refused(f"“{stratum}”没有到期的样本")
    return due
