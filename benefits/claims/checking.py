"""What a claim is refused for before it is registered: each reason with what to do instead (GY-R13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from benefits.catalogue.drafting import in_force
from benefits.claims.asked import Asked
from benefits.models import Claim, ClaimPaper, Firm, FixedList, ItemVersion
from benefits.rules import rules
from casework.models import Matter, ProcedureVersion
from casework.procedure.parts import Intake
from casework.procedures.stored import in_use
from office import dates
from office.errors import Refused

CENT = Decimal("0.01")
MOST = Decimal("999999999999.99")  # what the column holds
State = ClaimPaper.State


def check(asked: Asked, today: date, *, by_firm: bool) -> None:
    """Refuse what cannot be claimed; `by_firm`: nobody at the window looks at it first."""
    version = asked.version
    require_intake(asked.higher_number)
    if asked.firm.is_cancelled:
        raise Refused(f"{asked.firm.name}已经注销", "不能申请兑现，请核对统一社会信用代码。")
    require_open(version, today)
    if asked.from_list is None and not asked.higher_number:
        _require_needed(asked.firm, version)
    _check_amount(version, asked.amount, is_wanted=by_firm)
    _check_papers(asked)
    if earlier := same_before(asked.firm, version, today):
        raise Refused(
            f"同一事项已经申请，编号{earlier.matter.number}", "请凭原编号查询办理情况，不必重复申请。"
        )
    if by_firm:
        _check_own(asked)


def require_intake(higher_number: str = "") -> None:
    """Refuse where the platform above this county alone takes in."""
    if not higher_number and (platform := platform_alone()):
        raise Refused(f"本县的惠企政策申请由{platform}统一受理", "请通过该平台申请。")


def platform_alone() -> str:
    """Name the platform above where it alone takes in; nothing where this county does."""
    version = ProcedureVersion.objects.filter(procedure_id=rules()[0], is_active=True).first()
    return "" if version is None or version.own_intake else platform_of(version.procedure.intake)


def platform_of(intake: Intake) -> str:
    return intake.higher_system or "上级平台"


def require_open(version: ItemVersion, today: date) -> None:
    """Refuse an item that is not in force, or whose days to claim are not these."""
    if not in_force(today).filter(pk=version.pk).exists():
        raise Refused(f"“{version.name}”在{dates.day(today)}不在有效期内", "请在清单中查找现行有效的事项。")
    if version.claims_from and today < version.claims_from:
        raise Refused(f"“{version.name}”自{dates.day(version.claims_from)}起申报", "请到时再申请。")
    if version.claims_to and today > version.claims_to:
        raise Refused(f"“{version.name}”已于{dates.day(version.claims_to)}截止申报", "请在下一申报期内申请。")


def why_needless(firm: Firm, version: ItemVersion) -> str:
    """Say why this firm need not claim this item; nothing where it has to."""
    confirmed = FixedList.objects.filter(version=version, state=FixedList.State.CONFIRMED)
    if confirmed.filter(firms=firm).exists():
        return f"{firm.name}已列入“{version.name}”免申即享名单"
    return f"“{version.name}”免申即享" if rules()[1].needs_no_claim(version.category) else ""


def _require_needed(firm: Firm, version: ItemVersion) -> None:
    if why := why_needless(firm, version):
        raise Refused(why, "由主管部门比对确定后直接兑现，不必申请；没有收到的，请与专窗联系。")


def _check_amount(version: ItemVersion, amount: Decimal | None, *, is_wanted: bool) -> None:
    if not rules()[1].gives_money(version.kind):
        return
    if amount is None:
        if is_wanted:
            raise Refused("没有填写申请金额", "请按兑现标准填写申请金额。")
        return
    if not amount.is_finite() or amount <= 0:
        raise Refused("申请金额不是大于零的数", "请用阿拉伯数字填写，例如 50000 或者 1234.56。")
    if amount > MOST or amount != amount.quantize(CENT):
        raise Refused("申请金额精确到分", "请填写至多两位小数的金额。")
    if version.ceiling is not None and amount > version.ceiling:
        raise Refused(f"申请金额超过上限{version.ceiling}元", "请按兑现标准核对金额。")


def _check_papers(asked: Asked) -> None:
    needed = {paper.pk: paper for paper in asked.version.papers.all()}
    if {*asked.papers, *asked.files} - {*needed}:
        raise Refused("材料与办事指南不一致", "请刷新页面后重新提交。")
    check_states(asked.papers, {pk: one.may_be_waived for pk, one in needed.items()})


def check_states(states: Mapping[int, str], may_be_waived: Mapping[int, bool]) -> None:
    """Refuse what is no state of a paper, and waiving a paper that the guide asks for."""
    if any(state not in State.values for state in states.values()):
        raise Refused("材料的情况有误", "请刷新页面后重新选择。")
    if any(state == State.WAIVED and not may_be_waived.get(pk) for pk, state in states.items()):
        raise Refused("有的材料按办事指南不能免提交", "请刷新页面后重新核对。")


def _check_own(asked: Asked) -> None:
    """A firm by itself hands in all that cannot be waived, says who is called, and promises."""
    given = {pk for pk, state in asked.papers.items() if state == State.HANDED_IN}
    given |= {pk for pk, files in asked.files.items() if files}
    lacking = [
        one.name for one in asked.version.papers.all() if not one.may_be_waived and one.pk not in given
    ]
    if lacking:
        raise Refused(f"缺少材料：{'、'.join(lacking)}", "请补齐后再提交；不便在网上提交的，可以到专窗办理。")
    if not asked.contact.strip() or not asked.phone.strip():
        raise Refused("没有填写联系人和联系电话", "办结后要回访，请填写。")
    if not asked.is_promised:
        raise Refused("没有勾选承诺", "请阅读承诺后勾选。")


def same_before(firm: Firm, version: ItemVersion, today: date) -> Claim | None:
    """A claim of the same firm that goes on, or was granted within the days of the procedure."""
    going_on = _same(firm, version).exclude(matter__state=Matter.State.CLOSED).first()
    return going_on or granted_before(firm, version, today).first()


def granted_before(firm: Firm, version: ItemVersion, today: date) -> QuerySet[Claim]:
    """Claims of this firm for this item that were granted, here or above, within the days of the rule."""
    rule = in_use(rules()[0]).procedure.repeats
    here = Q(decisions__is_granted=True, decisions__cycle=F("matter__times_reopened"))
    granted = _same(firm, version).filter(here | Q(matter__is_solved=True))  # above nobody sees a decision
    if rule is None:
        return granted
    return granted.filter(matter__received_on__gt=today - timedelta(days=rule.within_days))


def _same(firm: Firm, version: ItemVersion) -> QuerySet[Claim]:
    same = Claim.objects.select_related("matter").filter(firm=firm, version__item=version.item_id)
    return same.exclude(matter__state__in=Claim.OVER)
