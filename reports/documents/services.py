"""Issue a paper under a number, and withdraw it; a number that was given is never given again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from departments.models import Department
from office import audit, roles
from office.errors import Refused
from office.models import User
from reports.documents import content as contents
from reports.documents import sending
from reports.documents.content import Content
from reports.models import IssuingBody, OfficialDocument

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread on paper
CODE_LENGTH, GROUP = 12, 4  # 59 bits: nobody finds a code by trying


@dataclass(frozen=True)
class About:
    """What a paper was made from, and whom it concerns."""

    what: str
    id: int
    unit: Department | None = None
    concerns_person: bool = False


def next_serial(body: IssuingBody, year: int) -> int:
    last = body.documents.filter(year=year).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


@transaction.atomic
def issue_document(
    *,
    kind: str,
    body: IssuingBody,
    content: Content,
    about: About,
    now: datetime,
    acting_user: User,
    serial: int | None = None,
) -> OfficialDocument:
    """Store a paper under the next number of its body and year, or under `serial` where that is free.

    The body's row is locked, so two who issue at once get two numbers.
    """
    roles.require(acting_user, "document.persons" if about.concerns_person else "document.issue")
    body = IssuingBody.objects.select_for_update().get(pk=body.pk)
    if not body.is_active:
        raise Refused(f"{body}已停用，不能制发公文", "请选择在用的制文机关。")
    year = content.on.year
    offered = next_serial(body, year)
    serial = serial or offered
    number = contents.number(body.code, year, serial)
    if OfficialDocument.objects.filter(body=body, year=year, serial=serial).exists():
        raise _used(body, year, number, offered)
    code = _new_code()
    full = headed(content, body).numbered(number, code)
    if faults := contents.faults(full):
        raise Refused("公文不合格式，不能制发", "请更正后再制发。", faults=faults)
    plain = contents.to_plain(full)
    document = OfficialDocument(
        kind=kind,
        body=body,
        year=year,
        serial=serial,
        number=number,
        title=full.title.replace("\n", "")[:200],
        issued_on=full.on,
        content=plain,
        sha256=contents.digest(plain),
        check_code=code,
        about=about.what,
        about_id=about.id,
        unit=about.unit,
        concerns_person=about.concerns_person,
        made_by=acting_user,
        made_at=now,
    )
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError as error:
        raise _used(body, year, number, next_serial(body, year)) from error
    after = {"文号": number, "标题": document.title, "内容摘要": document.sha256[:16]}
    audit.record("制发公文", document, acting_user=acting_user, after=after)
    return document


@transaction.atomic
def withdraw_document(
    *, document: OfficialDocument, reason: str, today: date, acting_user: User
) -> OfficialDocument:
    """Withdraw a paper with a reason; it stays to be read, and its number stays used."""
    roles.require(acting_user, "document.withdraw")
    if document.concerns_person:
        roles.require(acting_user, "document.persons")
    current = OfficialDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if current.state == OfficialDocument.State.WITHDRAWN:
        raise Refused(f"{current.number}已经撤回", "请返回公文列表查看。")
    if not reason.strip():
        raise Refused("没有写明撤回原因", "请写明撤回原因。")
    current.state, current.withdrawn_on = OfficialDocument.State.WITHDRAWN, today
    current.withdrawn_by, current.withdrawn_reason = acting_user, reason.strip()
    current.save(update_fields=["state", "withdrawn_on", "withdrawn_by", "withdrawn_reason"])
    sending.take_back(current, timezone.now())
    audit.record("撤回公文", current, acting_user=acting_user, after={"原因": current.withdrawn_reason})
    return current


def content_of(document: OfficialDocument) -> Content:
    return contents.from_plain(document.content)


def is_whole(document: OfficialDocument) -> bool:
    """Whether the stored content is what was issued."""
    return contents.digest(document.content) == document.sha256


def by_code(typed: str) -> OfficialDocument | None:
    """Find a paper by its check code, however it was typed: spaces, dashes, small letters."""
    found = "".join(one for one in typed.upper() if one.isascii() and one.isalnum())
    if len(found) != CODE_LENGTH:
        return None
    return OfficialDocument.objects.select_related("body", "unit").filter(check_code=_grouped(found)).first()


def headed(content: Content, body: IssuingBody) -> Content:
    """A red head only for a body that may have one, whatever the paper would like."""
    return content if body.red_head else replace(content, mark="")


def _new_code() -> str:
    return _grouped("".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)))


def _grouped(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def _used(body: IssuingBody, year: int, number: str, offered: int) -> Refused:
    return Refused(
        f"文号{number}已经用过",
        f"撤回的文号也不再使用，请改用{contents.number(body.code, year, offered)}。",
    )
