"""A draft made from the last round of the same scheme: what it takes over, what is different today."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from departments.models import Department, Town
from departments.units.groups import groups_in, units_of
from evaluations.gathering.sheets import panels
from evaluations.gathering.sheets.form import has_aspects
from evaluations.models import Channel, Marker, Panel, Round, SchemeVersion
from evaluations.planning.versions import changes_between
from evaluations.rounds import periods
from evaluations.rounds import services as rounds
from evaluations.rounds.channels import holds_shares
from evaluations.rounds.state import locked
from evaluations.schemes.groups import groups_of
from evaluations.schemes.stored import policy_of
from evaluations.scoring.gathering import SERVING
from evaluations.scoring.loading import Policy
from office import audit, roles
from office.errors import Refused
from office.models import User
from surveys import queries


@dataclass
class Carried:
    """What a round of the active version would take over; `kept` and `differs` are for people."""

    previous: Round
    version: SchemeVersion
    units: list[Department] = field(default_factory=list)
    new_units: list[Department] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    arranged: dict[str, tuple[list[str], int]] = field(default_factory=dict)
    panels: dict[str, list[Marker]] = field(default_factory=dict)
    by_aspect: dict[str, bool] = field(default_factory=dict)
    shares: dict[str, int] = field(default_factory=dict)
    slips_plan: dict[str, dict[str, int]] = field(default_factory=dict)
    persons_public: str = Round.PersonsPublic.NONE
    intervals_public: bool = True
    kept: list[tuple[str, str]] = field(default_factory=list)
    differs: list[tuple[str, list[str]]] = field(default_factory=list)

    def digest(self) -> str:
        """Of everything the page shows, so that what is made is what was read."""
        new = [one.pk for one in self.new_units]
        text = json.dumps([self.kept, self.differs, new, self.version.pk], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Wanted:
    """What is filled in anew; `new_units` are those of today's that were not in the last round."""

    title: str
    period: str
    base_date: date
    persons_public_decision: str = ""
    new_units: frozenset[int] = frozenset()


def carried_from(previous: Round) -> Carried:
    """Compare the last round with today."""
    version = SchemeVersion.objects.filter(
        scheme_id=previous.scheme_version.scheme_id, is_active=True
    ).first()
    if version is None:
        raise Refused("上一轮的评价方案已不再启用", "请选用其他方案新建轮次。")
    found = Carried(previous, version)
    changes = changes_between(previous.scheme_version, version)
    _differs(found, f"评价方案有新的版本（{version}）", changes)
    policy = policy_of(version)
    _take_units(found)
    _take_readings(found, policy)
    _take_channels(found, policy)
    _take_panels(found)
    _take_slips(found, policy)
    _take_publicity(found, policy)
    return found


def _differs(found: Carried, what: str, lines: list[str]) -> None:
    if lines:
        found.differs.append((what, lines))


def _take_units(found: Carried) -> None:
    scheme = groups_of(found.version)
    rows = list(found.previous.departments.select_related("department"))
    groups = groups_in(scheme.scheme_id, [row.department for row in rows])
    gone, moved = [], []
    for row in rows:
        unit, group = row.department, groups[row.department_id]
        if not unit.is_active:
            gone.append(f"{row.name}：已停用")
        elif not scheme.takes(unit.kind) or group not in scheme.groups:
            gone.append(f"{row.name}：不再属于本方案的分组")
        else:
            found.units.append(unit)
            if group != row.peer_group:
                words = (scheme.groups.get(row.peer_group, row.peer_group), scheme.groups[group])
                moved.append(f"{unit.name}：{words[0]} → {words[1]}")
            if unit.name != row.name:
                moved.append(f"{row.name}：现名{unit.name}")
    there = {row.department_id for row in rows}
    today = units_of(scheme, Department.objects.filter(is_active=True))
    found.new_units = [unit for unit in today if unit.pk not in there] if there else []
    found.kept.append(("参评单位", f"{len(found.units)} 个"))
    _differs(found, "不再参评的单位", gone)
    _differs(found, "名称、分组有变化的单位", moved)


def _take_readings(found: Carried, policy: Policy) -> None:
    dropped = []
    for name, value in found.previous.options.items():
        option = policy.options.get(name)
        if option is None or option.refuses(value):
            dropped.append(f"{option.label if option else name}：上一轮所选的取值不再可用，改按默认口径")
        else:
            found.options[name] = value
    chosen = [
        f"{policy.options[name].label}：{policy.options[name].in_words(value)}"
        for name, value in found.options.items()
    ]
    found.kept.append(("口径调整", "；".join(chosen) or "全部按默认口径"))
    if found.previous.questions:
        found.kept.append(("评价问题", "；".join(found.previous.questions)))
    _differs(found, "不能沿用的口径", dropped)


def _take_channels(found: Carried, policy: Policy) -> None:
    before = {one.need: one for one in found.previous.channels.all()}
    labels = dict(Channel.Kind.choices)
    needs = policy.decide(found.options).needs()
    changed, said = [], []
    for need, rule in needs:
        kinds = rule.channels if rule else SERVING[need.kind]
        old = before.get(need.key)
        if old is None:
            changed.append(f"{need.label}：本方案新增，用{labels[kinds[0]]}")
            continue
        is_asked = old.kind == Channel.Kind.INTERVIEWS
        if old.kind not in kinds:
            changed.append(f"{need.label}：不能再用{labels[old.kind]}，改用{labels[kinds[0]]}")
            continue
        found.channels[need.key] = old.kind
        words = [f"用{labels[old.kind]}"] if len(kinds) > 1 else []
        words += [f"每单位 {old.sample_size} 家"] if is_asked else []
        words += ["、".join(old.named_items)] if old.named_items else []
        if words:
            said.append(f"{need.label}：{'，'.join(words)}")
        if old.named_items or is_asked:
            found.arranged[need.key] = (list(old.named_items), old.sample_size)
    known = {need.key for need, _ in needs}
    changed += [f"{key}：本方案不再需要" for key in before if key not in known]
    found.kept.append(("取数渠道", "；".join([f"{len(needs)} 项", *said])))
    _differs(found, "取数渠道的变化", changed)


def _take_panels(found: Carried) -> None:
    """Markers with their units and accounts, but for those who can mark no more."""
    marking = Panel.objects.filter(channel__round=found.previous, channel__kind=Channel.Kind.SHEETS)
    left: list[str] = []
    for panel in marking.select_related("channel").prefetch_related("markers__unit", "markers__account"):
        need = panel.channel.need
        if found.channels.get(need) != Channel.Kind.SHEETS:
            continue
        staying = []
        for marker in panel.markers.all():
            if why := _why_not(marker):
                left.append(f"{panel.label}：{marker}，{why}")
            else:
                staying.append(marker)
        found.panels[need], found.by_aspect[need] = staying, panel.by_aspect
        way = "逐方面打分" if panel.by_aspect else "打总分"
        found.kept.append((f"评议组：{panel.label}", f"{len(staying)} 人，{way}"))
    _differs(found, "不再列入的评议人（须另行补充）", left)


def _why_not(marker: Marker) -> str:
    account = marker.account
    if account is not None and not account.is_active:
        return f"账户“{account.username}”已停用"
    if account is not None and not roles.allowed(account, "sheets.mark"):
        return f"账户“{account.username}”不能再打分"
    if marker.unit is not None and not marker.unit.is_active:
        return "单位已停用"
    own = panels.unit_of(account)
    if marker.unit is not None and own is not None and own != marker.unit:
        return f"账户已改属{own}"
    return ""


def _take_slips(found: Carried, policy: Policy) -> None:
    names = queries.voter_kinds(shares=policy.decide(found.options).strata is not None)
    if found.previous.shares and policy.decide(found.options).strata is not None:
        found.shares = dict(found.previous.shares)
        said = "、".join(f"{names.get(kind, kind)} {share}%" for kind, share in found.shares.items())
        found.kept.append(("评价主体占比", said))
    towns = {str(pk): name for pk, name in Town.objects.values_list("pk", "name")}
    dropped = []
    for town, kinds in found.previous.slips_plan.items():
        if town not in towns or set(kinds) - set(names):
            dropped.append(f"{towns.get(town, '已撤销的镇（街）')}：{sum(kinds.values())} 张")
        else:
            found.slips_plan[town] = dict(kinds)
    if found.slips_plan:
        total = sum(sum(kinds.values()) for kinds in found.slips_plan.values())
        found.kept.append(("票数安排", f"{len(found.slips_plan)} 个镇（街），共 {total} 张"))
    _differs(found, "不能沿用的票数", dropped)


def _take_publicity(found: Carried, policy: Policy) -> None:
    if policy.defaults.judges_persons:
        found.persons_public = found.previous.persons_public
        found.kept.append(("个人结果公布范围", found.previous.get_persons_public_display()))
    found.intervals_public = found.previous.intervals_public
    found.kept.append(("公布得分的可能范围", "是" if found.intervals_public else "否"))


@transaction.atomic
def follow_round(*, previous: Round, wanted: Wanted, expected: str, acting_user: User) -> Round:
    """Make the draft as the page showed it, or nothing; `expected` is the digest of what it showed."""
    roles.require(acting_user, "round.edit")
    previous = locked(previous.pk)  # two who press at once come one after the other
    carried = carried_from(previous)
    if carried.digest() != expected:
        raise Refused("上一轮的安排、单位或评价方案在您打开页面之后有变化", "请刷新页面，核对后再创建。")
    if previous.state == Round.State.VOID:
        raise Refused("上一轮已作废，不能作为新一轮的依据", "请从其他轮次沿用，或新建轮次。")
    if strange := wanted.new_units - {unit.pk for unit in carried.new_units}:
        raise Refused(f"所选单位中有{len(strange)}个不在新增单位之列", "请刷新页面后重新选择。")
    made = rounds.create_round(
        title=wanted.title,
        period=wanted.period,
        scheme_version=carried.version,
        base_date=wanted.base_date,
        persons_public=carried.persons_public,
        persons_public_decision=wanted.persons_public_decision,
        intervals_public=carried.intervals_public,
        options=carried.options,
        questions=previous.questions,
        channels=carried.channels,
        acting_user=acting_user,
    )
    units = [unit.pk for unit in carried.units] + sorted(wanted.new_units)
    rounds.choose_departments(round=made, department_ids=units, acting_user=acting_user)
    made = locked(made.pk)
    if holds_shares(made) and carried.shares:
        made.shares = carried.shares
    made.slips_plan = carried.slips_plan
    made.save(update_fields=["shares", "slips_plan"])
    _arrange_channels(made, carried)
    after = {
        "上一轮": previous.title,
        "周期": periods.in_words(wanted.period),
        **dict(carried.kept),
        "新列入单位": len(wanted.new_units),
    }
    audit.record("沿用上一轮的安排", made, acting_user=acting_user, after=after)
    return made


def _arrange_channels(made: Round, carried: Carried) -> None:
    for channel in made.channels.select_related("round__scheme_version"):
        if channel.need in carried.arranged:
            channel.named_items, channel.sample_size = carried.arranged[channel.need]
            channel.save(update_fields=["named_items", "sample_size"])
        if channel.need in carried.panels:
            panel = panels.panel_of(channel)
            panel.by_aspect = carried.by_aspect[channel.need] and has_aspects(panel)
            panel.save(update_fields=["by_aspect"])
            for marker in carried.panels[channel.need]:
                panels.add_one(panel, name=marker.name, unit=marker.unit, account=marker.account)


def next_period(previous: Round) -> str:
    cadence = policy_of(previous.scheme_version).defaults.cadence.rounds_per_year
    return periods.after(previous.period, cadence) or ""


def title_for(previous: Round, period: str) -> str:
    """The last title with the new period, where it names its own."""
    said = previous.title
    for old, new in (
        (periods.in_words(previous.period), periods.in_words(period)),
        (previous.period[:4], period[:4]),
    ):
        if old != new and old in said:
            return said.replace(old, new)
    return said if period == previous.period else f"{periods.in_words(period)}{said}"[:120]
