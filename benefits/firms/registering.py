"""Find firms by code or name; register at the window one that stands in no register yet (GY-R13)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from benefits.firms.register_rows import LONGEST_NAME
from benefits.models import Firm
from office import audit, roles
from office.errors import Refused
from office.models import User
from office.workbooks.credit_codes import fault_of, read_code
from office.workbooks.sheets import tidy


def firms_like(text: str) -> QuerySet[Firm]:
    """Return the firms whose code begins with what was typed, or whose name contains it."""
    plain = text.strip()
    if not plain:
        return Firm.objects.none()
    code = read_code(plain)
    return Firm.objects.filter(Q(name__contains=plain) | Q(credit_code__startswith=code or plain))


@transaction.atomic
def register_firm(*, credit_code: str, name: str, acting_user: User) -> Firm:
    roles.require(acting_user, "benefit.claim")
    code, called = read_code(credit_code), tidy(name)
    if wrong := fault_of(code):
        raise Refused(f"统一社会信用代码有误：{wrong[1].removesuffix('。')}", "请更正后重新登记。")
    if not called or len(called) > LONGEST_NAME:
        raise Refused("没有填写企业名称，或者名称过长", f"请填写营业执照上的全称，不超过{LONGEST_NAME}字。")
    firm, is_new = Firm.objects.get_or_create(credit_code=code, defaults={"name": called})
    if not is_new:
        raise Refused(f"{firm.name}已经登记", "请在企业中查找。")
    audit.record("登记企业", firm, acting_user=acting_user, after={"统一社会信用代码": code, "名称": called})
    return firm
