"""The list of what is to be covered: kept by the centre, one by one or from a workbook."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from casework.models import CoveredObject, OfficerLink
from casework.officers import rules
from casework.procedure.officers import OfficerRules
from departments.models import Town
from office import audit, roles
from office.errors import Refused
from office.models import User
from office.workbooks.credit_codes import fault_of, read_code


def code_fault(stored: OfficerRules, kind: str, code: str) -> str:
    """Say what is wrong with the code of an object of this kind; nothing if it is right."""
    found = stored.kind(kind)
    if found is None:
        labels = "、".join(one.label for one in stored.kinds)
        return f"没有这一类别，类别为：{labels}。"
    if not found.has_code:
        return f"{found.label}没有统一社会信用代码，请删去。" if code else ""
    if not code:
        return f"{found.label}须填写统一社会信用代码。"
    wrong = fault_of(code)
    return wrong[1] if wrong else ""


@transaction.atomic
def keep_object(
    *,
    covered: CoveredObject | None,
    kind: str,
    name: str,
    credit_code: str = "",
    town: Town | None = None,
    address: str = "",
    active_from: date,
    acting_user: User,
) -> CoveredObject:
    """Add an object to the list, or correct what is written of it."""
    roles.require(acting_user, "officer.edit")
    current = CoveredObject.objects.select_for_update().get(pk=covered.pk) if covered else CoveredObject()
    code = read_code(credit_code)
    if not name.strip():
        raise Refused("没有填写名称", "请填写全称。")
    if wrong := code_fault(rules.in_use().rules, kind, code):
        raise Refused("统一社会信用代码有误" if code else "登记项目不全", wrong)
    others = CoveredObject.objects.exclude(pk=current.pk)
    if code and (other := others.filter(credit_code=code).first()):
        raise Refused(f"这一统一社会信用代码已经登记给{other}", "请核对。")
    if others.filter(kind=kind, name=name.strip()).exists():
        raise Refused(f"名单中已有“{name.strip()}”", "请核对。")
    before = _in_words(current) if current.pk else {}
    current.kind, current.name, current.credit_code = kind, name.strip(), code
    current.town, current.address, current.active_from = town, address.strip(), active_from
    try:
        with transaction.atomic():
            current.save()
    except IntegrityError as error:
        raise Refused("名称、代码或者日期与名单不符", "请刷新页面后核对。") from error
    verb = "修改挂联对象" if before else "新增挂联对象"
    audit.record(verb, current, acting_user=acting_user, before=before, after=_in_words(current))
    return current


@transaction.atomic
def end_object(*, covered: CoveredObject, on: date, acting_user: User) -> CoveredObject:
    """Take an object off the list from the next day on; its links must have ended, its visits stay."""
    roles.require(acting_user, "officer.edit")
    current = CoveredObject.objects.select_for_update().get(pk=covered.pk)
    if on < current.active_from:
        raise Refused("退出日期早于纳入日期", "请核对日期。")
    if OfficerLink.objects.filter(object=current, to_day=None).exists():
        raise Refused(f"{current}还有服务官挂联", "请先解除挂联，再退出名单。")
    current.ended_on, current.code_mark, current.code_given_at = on, "", None
    current.save(update_fields=["ended_on", "code_mark", "code_given_at"])
    audit.record("挂联对象退出名单", current, acting_user=acting_user, after={"退出日期": on.isoformat()})
    return current


def _in_words(covered: CoveredObject) -> dict[str, str]:
    return {
        "类别": covered.kind,
        "名称": covered.name,
        "统一社会信用代码": covered.credit_code,
        "镇（街）": str(covered.town or ""),
        "地址": covered.address,
        "纳入日期": covered.active_from.isoformat(),
    }
