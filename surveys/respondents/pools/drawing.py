"""Drawing from a pool for a round, once, and replacing whom nobody reaches (GY-R3; POOL-01)."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from django.db import transaction

from office import audit, dates, roles
from office.errors import Refused
from surveys.draws import lot, protocol, stratified
from surveys.draws.stratified import Cell, CellDraw, Listed, Place, Reserve
from surveys.models import DrawnMember, Pool, PoolCell, PoolDraw, PoolMember, Survey
from surveys.respondents.pools.calling import bind_samples
from surveys.respondents.pools.conflicts import Judged
from surveys.respondents.pools.occasions import Occasion

if TYPE_CHECKING:
    from office.models import User

State = DrawnMember.State
SEED_OF_SURVEY = "由评价表定稿时公布的防伪指纹、样本库名称和抽样次序组成，不由任何人选定。"
SEED_OF_CALLS = "由系统随机数、样本库名称、抽样次序和在场两人当场各报的数字组成，任何一方不能单独决定。"
MOST_NAMED = 20


@dataclass(frozen=True)
class Wanted:
    """What is drawn, for what, and before whom.

    `called` are the numbers of the two present; only a draw without a survey asks for them.
    """

    title: str
    total: int
    reserve: Reserve = field(default_factory=Reserve)
    survey: Survey | None = None
    place: str = ""
    present: tuple[str, str] = ("", "")
    called: tuple[str, str] = ("", "")
    occasion: Occasion | None = None


@dataclass(frozen=True)
class Line:
    """A stratum or a cell before the draw: its size, who is there, who stays out, and its share of the total.

    Of a cell `share` is not rounded: which of tied cells get a seat more is for the seed to say.
    """

    name: str
    size: int
    there: int
    left_out: int
    share: Fraction
    quota: int | None = None

    @property
    def eligible(self) -> int:
        return self.there - self.left_out

    @property
    def is_short(self) -> bool:
        return self.eligible < (ceil(self.share) if self.quota is None else self.quota)

    @property
    def share_in_words(self) -> str:
        return f"{float(self.share):.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Shares:
    """A stratum before the draw, and its cells where it has more than one."""

    stratum: Line
    cells: list[Line]


@dataclass(frozen=True)
class Listing:
    """The list of a pool as a draw would take it; four queries however large it is."""

    cells: list[PoolCell]
    members: dict[str, PoolMember]
    listed: list[Listed]

    @classmethod
    def of(cls, pool: Pool) -> Listing:
        cells = list(PoolCell.objects.filter(stratum__pool=pool).select_related("stratum"))
        places = {cell.pk: _place(cell) for cell in cells}
        judged = Judged()
        found = PoolMember.objects.filter(pool=pool, left_on=None)
        members = {one.number: one for one in found}
        listed = [Listed(one.number, *places[one.cell_id], judged.reason(one)) for one in members.values()]
        return cls(cells, members, listed)

    def plain_cells(self) -> list[Cell]:
        return [Cell(*_place(cell), cell.size) for cell in self.cells]

    def hash(self) -> str:
        return stratified.digest_of_list(self.listed)

    def shares(self, total: int) -> list[Shares]:
        cells = self.plain_cells()
        there = Counter(one.place for one in self.listed)
        out = Counter(one.place for one in self.listed if one.left_out)
        sizes = stratified.stratum_sizes(cells)
        whole = sum(sizes.values()) or 1
        quotas = stratified.stratum_quotas(total, cells)
        found = []
        for stratum, size in sizes.items():
            quota = quotas[stratum]
            below = [
                Line(
                    cell.name,
                    cell.size,
                    there[cell.place],
                    out[cell.place],
                    Fraction(quota * cell.size, size or 1),
                )
                for cell in cells
                if cell.stratum == stratum
            ]
            sums = (sum(line.there for line in below), sum(line.left_out for line in below))
            head = Line(stratum, size, *sums, Fraction(total * size, whole), quota)
            found.append(Shares(head, below if len(below) > 1 else []))
        return found


def _place(cell: PoolCell) -> Place:
    return cell.stratum.name, cell.name


def draw_from_pool(
    *, pool: Pool, wanted: Wanted, expected_hash: str, now: datetime, acting_user: User
) -> PoolDraw:
    """Draw once for this purpose: nobody chooses the seed, nobody can try another one.

    `expected_hash` is that of the list the page showed with its quotas.
    """
    roles.require(acting_user, "pool.draw")
    with transaction.atomic():
        pool = Pool.objects.select_for_update().get(pk=pool.pk)
        _check(pool, wanted)
        listing = Listing.of(pool)
        if listing.hash() != expected_hash:
            raise Refused("样本库在您打开页面之后有变化", "请刷新页面，核对名额后再抽取。")
        number = 1 + max(pool.draws.values_list("number", flat=True), default=0)
        seed, made = _seed(pool, wanted, number)
        cells = listing.plain_cells()
        found = stratified.draw(listing.listed, cells, total=wanted.total, seed=seed, reserve=wanted.reserve)
        _require_enough(found, cells, wanted.total)
        about = {
            "样本库": pool.name,
            "次序": f"第{number}次",
            "用途": wanted.title,
            "抽取时间": dates.moment(now),
            "抽取人": str(acting_user),
            "地点": wanted.place,
            "在场人": "、".join(filter(None, wanted.present)),
            "抽取码的产生": made,
        }
        if wanted.survey:
            about["评价表"] = wanted.survey.title
        made_protocol = protocol.written(
            {name: text for name, text in about.items() if text},
            total=wanted.total,
            seed=seed,
            reserve=wanted.reserve,
            listed=listing.listed,
            cells=found,
        )
        draw = PoolDraw.objects.create(
            pool=pool,
            survey=wanted.survey,
            number=number,
            title=wanted.title,
            total=wanted.total,
            drawn_at=now,
            drawn_by=acting_user,
            seed=seed,
            list_hash=expected_hash,
            protocol=made_protocol,
        )
        _name(draw, listing, found)
        if wanted.occasion:
            wanted.occasion.attach(draw)
        after = {
            "用途": wanted.title,
            "抽取": sum(len(one.drawn) for one in found),
            "候补": sum(len(one.reserve) for one in found),
            "回避": sum(bool(one.left_out) for one in listing.listed),
            "抽取码": seed,
            "名单摘要": expected_hash,
            "记录摘要": protocol.hash_of(made_protocol),
        }
        audit.record("抽取样本", draw, acting_user=acting_user, after=after)
    return draw


def _check(pool: Pool, wanted: Wanted) -> None:
    if not wanted.title.strip():
        raise Refused("没有填写用途", "请写明为哪一轮评价抽取。")
    if wanted.total < 1:
        raise Refused("抽取总数应大于0", "请核对。")
    first, second = (name.strip() for name in wanted.present)
    if not first or not second or first == second:
        raise Refused("抽取须有两人在场", "请填写两名在场人的姓名。")
    if pool.draws.filter(title=wanted.title).exists():
        raise Refused("已经为这一用途抽取过，不能重抽", "有人不能参加的，按候补顺序递补。")
    if wanted.survey is not None:
        if not wanted.survey.fingerprint:
            raise Refused("评价表尚未定稿，还不能抽取", "请先制票。")
        if pool.draws.filter(survey=wanted.survey).exists():
            raise Refused("已经为本轮评价抽取过，不能重抽", "有人不能参加的，按候补顺序递补。")
    elif not all(text.isascii() and text.isdecimal() for text in wanted.called):
        raise Refused("没有评价表的，须由在场两人各报一个数字", "请填写两个数字。")


def _seed(pool: Pool, wanted: Wanted, number: int) -> tuple[str, str]:
    if wanted.survey is not None:
        return lot.seed_of(wanted.survey.fingerprint, pool.name, number), SEED_OF_SURVEY
    first, second = wanted.called
    return f"{lot.seed_of(secrets.token_hex(12), pool.name, number)}|{first}|{second}", SEED_OF_CALLS


def _require_enough(found: Sequence[CellDraw], cells: Sequence[Cell], total: int) -> None:
    if sum(cell.size for cell in cells) < total:
        raise Refused(f"样本库应有人数不足{total}，不能抽取", "请减少抽取总数，或先扩充样本库。")
    short = [
        f"{protocol.in_words(*one.cell.place)}：应抽{one.quota}，可抽{len(one.drawn)}"
        for one in found
        if len(one.drawn) < one.quota
    ]
    if short:
        raise Refused("样本库中可抽的人数不足", "请先补足下列类别，或减少抽取总数：", faults=short)


def _name(draw: PoolDraw, listing: Listing, found: Iterable[CellDraw]) -> None:
    cells = {_place(cell): cell for cell in listing.cells}
    drawn = DrawnMember.objects.bulk_create(
        [
            DrawnMember(
                draw=draw,
                member=listing.members[number],
                cell=cells[one.cell.place],
                is_reserve=is_reserve,
                place=place,
                state=State.RESERVE if is_reserve else State.DRAWN,
            )
            for one in found
            for is_reserve, numbers in ((False, one.drawn), (True, one.reserve))
            for place, number in enumerate(numbers, start=1)
        ],
        batch_size=500,
    )
    bind_samples(drawn)


def replace_drawn(*, drawn: DrawnMember, reason: str, now: datetime, acting_user: User) -> DrawnMember:
    """Let the next of the reserve of the same cell step in, and say why; nobody picks who that is."""
    roles.require(acting_user, "pool.replace")
    if not reason.strip():
        raise Refused("没有填写替换原因", "请写明原因，如“三次未接通”“拒访”“空号”。")
    with transaction.atomic():
        PoolDraw.objects.select_for_update().get(pk=drawn.draw_id)
        drawn = DrawnMember.objects.select_related("draw", "cell__stratum").get(pk=drawn.pk)
        if drawn.state not in (State.DRAWN, State.STEPPED_IN):
            raise Refused("只能替换应访的样本", "请刷新页面后再试。")
        waiting = DrawnMember.objects.filter(draw=drawn.draw, cell=drawn.cell, state=State.RESERVE)
        substitute = waiting.order_by("place").first()
        if substitute is None:
            raise Refused(f"“{drawn.cell}”的候补已经用完", "该细分按不足计，不从其他细分补充。")
        substitute.state = State.STEPPED_IN
        substitute.save(update_fields=["state"])
        drawn.state, drawn.reason, drawn.replaced_at = State.REPLACED, reason.strip()[:100], now
        drawn.replaced_by = substitute
        drawn.save(update_fields=["state", "reason", "replaced_at", "replaced_by"])
        after = {"细分": str(drawn.cell), "候补顺序号": substitute.place, "原因": drawn.reason}
        audit.record("候补递补", drawn.draw, acting_user=acting_user, after=after)
    return substitute


def protocol_of(draw: PoolDraw) -> dict[str, Any]:
    """The protocol with the replacements so far, as `verify_draw` reads it."""
    replaced = DrawnMember.objects.filter(draw=draw, state=State.REPLACED)
    rows = replaced.select_related("member", "replaced_by__member").order_by("cell", "replaced_by__place")
    return draw.protocol | {
        "replacements": [
            {
                "out": row.member.number,
                "in": row.replaced_by.member.number if row.replaced_by else "",
                "reason": row.reason,
                "at": row.replaced_at.isoformat() if row.replaced_at else "",
            }
            for row in rows
        ]
    }


def faults_of(draw: PoolDraw) -> list[str]:
    """Draw again from the protocol, and compare with the names that are kept."""
    made = protocol.parsed(protocol_of(draw))
    faults = protocol.faults_of(made)
    if made.list_hash != draw.list_hash or made.seed != draw.seed:
        faults.append("抽取码或名单摘要与抽取时登记的不一致。")
    rows = draw.drawn.values_list("member__number", "is_reserve", "place")
    kept = {number: (is_reserve, place) for number, is_reserve, place in rows}
    made_of = {
        number: (is_reserve, place)
        for one in made.cells
        for is_reserve, numbers in ((False, one.drawn), (True, one.reserve))
        for place, number in enumerate(numbers, start=1)
    }
    if kept != made_of:
        faults.append("登记的应访名单与抽取记录不一致。")
    return faults


def changes_since(draw: PoolDraw) -> list[str]:
    """Name by number what changed in the pool after the draw; the draw itself stays as it is."""
    then = {row[0]: tuple(row[1:]) for row in draw.protocol["list"]}
    now = {one.number: (*one.place, one.left_out) for one in Listing.of(draw.pool).listed}
    both = then.keys() & now.keys()
    moved = [number for number in both if then[number][:2] != now[number][:2]]
    reasons = [number for number in both if then[number][2] != now[number][2]]
    found = {
        "抽取后入库": now.keys() - then.keys(),
        "抽取后退出": then.keys() - now.keys(),
        "抽取后改变类别或细分": moved,
        "抽取后改变回避情形": reasons,
    }
    return [f"{what}：{_some(numbers)}" for what, numbers in found.items() if numbers]


def _some(numbers: Iterable[str]) -> str:
    ordered = sorted(numbers)
    more = f"等{len(ordered)}个" if len(ordered) > MOST_NAMED else ""
    return "、".join(ordered[:MOST_NAMED]) + more


def take_names(*, draw: PoolDraw, acting_user: User) -> list[DrawnMember]:
    """Return the drawn and their reserve with contacts, to ask them; noted, because it leaves the system."""
    roles.require(acting_user, "pool.names")
    with transaction.atomic():
        rows = draw.drawn.select_related("member__entity", "cell__stratum", "replaced_by")
        found = list(rows.prefetch_related("samples__department"))
        audit.record("导出应访名单", draw, acting_user=acting_user, after={"人数": len(found)})
    return found


def take_protocol(*, draw: PoolDraw, acting_user: User) -> dict[str, Any]:
    """Return the protocol with all numbers; noted, because it leaves the system."""
    roles.require(acting_user, "pool.names")
    with transaction.atomic():
        audit.record("导出抽取记录", draw, acting_user=acting_user)
    return protocol_of(draw)
