"""Find firms by code or name, and write down one that is not known yet (GY-R13)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from benefits.models import Firm
from office import audit, roles
from office.errors import Refused
from office.models import User
from office.workbooks.credit_codes import fault_of, read_code

LONGEST_NAME = 120


def firms_like(text: str) -> QuerySet[Firm]:
    """Return the firms whose code begins with what was typed, or whose name contains it."""
    plain = text.strip()
    if not plain:
        return Firm.objects.none()
    code = read_code(plain)
    return Firm.objects.filter(Q(name__contains=plain) | Q(credit_code__startswith=code or plain))


@transaction.atomic
def register_firm(*, credit_code: str, name: str, acting_user: User) -> Firm:
    """Write down a firm with its code as the licence shows it; one that is known is refused."""
    roles.require(acting_user, "benefit.claim")
    code, plain = read_code(credit_code), name.strip()
    if wrong := fault_of(code):
        raise Refused("统一社会信用代码有误", wrong[1])
    if not plain or len(plain) > LONGEST_NAME:
        raise Refused("企业名称没有填写或者过长", "请按营业执照填写全称。")
    firm, is_new = Firm.objects.get_or_create(credit_code=code, defaults={"name": plain})
    if not is_new:
        raise Refused(f"这一统一社会信用代码已经登记给{firm.name}", "请按代码查找。")
    audit.record("登记企业", firm, acting_user=acting_user, after={"企业": plain, "代码": code})
    return firm
