"""Register a matter: at the desk, by a reporter on a phone, from another desk or the higher system."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from casework.matters import numbers, parties
from casework.matters.clocks import Reckoner
from casework.matters.events import Act, happened, note
from casework.matters.state import State, at_state, move_on
from casework.models import Matter, Plate, ProcedureVersion
from casework.models.matters import LONGEST_TEXT
from casework.procedure import Procedure
from casework.procedure.parts import IntakeField
from casework.procedure.words import Event, Stage
from casework.reporters.sealing import UNTYPED, seal_reporter
from departments.models import Department
from office import roles
from office.errors import Refused
from office.models import User

LONGEST_TITLE = 120


@dataclass(frozen=True)
class Reported:
    """What somebody reports; who reports it is sealed apart as soon as it is stored."""

    source: str
    title: str
    text: str
    fields: Mapping[str, str] = field(default_factory=dict)
    about: Department | None = None
    plate: Plate | None = None
    category: str = ""
    is_anonymous: bool = False
    name: str = ""
    phone: str = ""
    firm: str = ""
    may_be_named: bool = False
    higher_number: str = ""
    follows: Matter | None = None
    remark: str = ""


@dataclass(frozen=True)
class Receipt:
    """What a reporter takes home: the matter and the code, which is stored nowhere."""

    matter: Matter
    code: str


@transaction.atomic
def register_matter(
    *,
    version: ProcedureVersion,
    reported: Reported,
    now: datetime,
    acting_user: User | None,
    held: str = "",
    code: str = "",
    reckoner: Reckoner | None = None,
) -> Receipt:
    """Register what was reported and return the receipt with its query code, shown this once.

    Without `acting_user` a reporter filed it. `held` says why it waits for a person before it counts;
    `code` is given where the same form sent twice must answer with the same code.
    """
    if acting_user is not None:
        roles.require(acting_user, "matter.bring")
    procedure = version.procedure
    _check(version, procedure, reported, by_public=acting_user is None)
    local = timezone.localtime(now)
    serial = numbers.next_serial(version, local.year)
    number = numbers.written(procedure.prefix, local.year, serial)
    code = code or numbers.new_code()
    category = reported.category or procedure.first_category
    matter = Matter.objects.create(
        version=version,
        procedure_id=version.procedure_id,
        year=local.year,
        serial=serial,
        number=number,
        higher_number=reported.higher_number.strip(),
        source=reported.source,
        state=State.HELD if held else State.REGISTERED,
        title=_clean(reported.title, LONGEST_TITLE),
        text=_clean(reported.text, LONGEST_TEXT),
        fields=_fields(procedure, reported.fields),
        about=reported.about,
        plate=reported.plate,
        is_anonymous=reported.is_anonymous,
        code_mark=numbers.mark_of(number, code),
        text_mark=text_mark(reported.text),
        category=category,
        first_category=category,
        received_at=now,
        received_on=local.date(),
        follows=reported.follows,
        registered_by=acting_user,
    )
    if not reported.is_anonymous:
        seal_reporter(
            matter=matter,
            name=reported.name,
            phone=reported.phone,
            firm=reported.firm,
            may_be_named=reported.may_be_named,
        )
    if held:
        note(matter, Act.HELD, now=now, by=acting_user, text=held)
    else:
        _begin(matter, now, acting_user, reckoner, reported.remark)
    return Receipt(matter, code)


def _begin(
    matter: Matter, now: datetime, by: User | None, reckoner: Reckoner | None, remark: str = ""
) -> None:
    """Let the clocks begin; a procedure without a decision on acceptance goes on at once."""
    source = matter.procedure.intake.channels[matter.source]
    text = "；".join(part for part in (f"来源：{source}", remark) if part)
    happened(matter, Event.REGISTERED, now=now, by=by, reckoner=reckoner, text=text)
    if not matter.procedure.has(Stage.ACCEPTANCE):
        move_on(matter, Stage.REGISTRATION)
        matter.save(update_fields=["state"])


@transaction.atomic
def release_held(*, matter: Matter, now: datetime, acting_user: User) -> Matter:
    """Let a held matter count; its clocks begin with this moment, and the day it came stays."""
    roles.require(acting_user, "matter.register")
    current = at_state(matter, State.HELD, to="放行")
    current.state = State.REGISTERED
    current.save(update_fields=["state"])
    note(current, Act.RELEASED, now=now, by=acting_user)
    _begin(current, now, acting_user, None)
    return current


def text_mark(text: str) -> str:
    """Return a mark of a text, the same whatever its spaces, signs and width."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(letter for letter in plain if letter.isalnum())
    return salted_hmac("casework.text", letters, algorithm="sha256").hexdigest() if letters else ""


def _clean(text: str, longest: int) -> str:
    """Take away what no keyboard types (control signs, halves of signs) and what is too long."""
    kept = "".join(
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in UNTYPED
    )
    return kept.strip()[:longest]


def _check(version: ProcedureVersion, procedure: Procedure, reported: Reported, *, by_public: bool) -> None:
    parties.require_readable(procedure)
    if not version.is_active:
        raise Refused("办理规程已经更新", "请刷新页面后重新登记。")
    if not version.own_intake and not reported.higher_number:
        what = f"“{procedure.desk}”已由上级平台统一受理"
        raise Refused(what, "请通过上级平台反映，或者填写上级平台编号。")
    _check_source(procedure, reported, by_public=by_public)
    _check_text(reported)
    _check_sorting(procedure, reported)
    asked = [one for one in procedure.intake.fields if one.required and (one.public or not by_public)]
    if missing := [one.label for one in asked if not reported.fields.get(one.id, "").strip()]:
        raise Refused(f"没有填写{'、'.join(missing)}", "请补填后再提交。")


def _check_source(procedure: Procedure, reported: Reported, *, by_public: bool) -> None:
    intake = procedure.intake
    if reported.source not in intake.channels:
        raise Refused("没有这一来源", f"来源为：{'、'.join(intake.channels.values())}。")
    if by_public and reported.source not in intake.public_channels:
        raise Refused("这一来源不接受网上反映", "请到窗口或者通过电话反映。")
    if reported.is_anonymous and intake.anonymous == "refused":
        raise Refused("按规程不受理匿名反映", "请填写姓名和联系电话，身份信息加密保存，承办单位看不到。")


def _check_text(reported: Reported) -> None:
    if not all(any(map(str.isalnum, said)) for said in (reported.title, reported.text)):
        raise Refused("没有写明反映的事项", "请填写事项名称和反映内容。")
    if len(reported.title) > LONGEST_TITLE:
        raise Refused(f"事项名称超过{LONGEST_TITLE}字", "请写得简短一些，详细情况写在反映内容里。")
    if len(reported.text) > LONGEST_TEXT:
        raise Refused(f"反映内容超过{LONGEST_TEXT}字", "请精简后再提交，详细情况可以作为附件。")


def _check_sorting(procedure: Procedure, reported: Reported) -> None:
    if reported.about is not None and reported.about.kind not in procedure.intake.about:
        what = f"{reported.about}不属于“{procedure.desk}”受理的对象"
        raise Refused(what, "请核对涉及单位，或者向它的主管部门反映。")
    if reported.category and reported.category not in {one.id for one in procedure.categories.items}:
        raise Refused(f"没有这一{procedure.categories.label}", "请刷新页面后重新选择。")


def _fields(procedure: Procedure, given: Mapping[str, str]) -> dict[str, Any]:
    return {
        one.id: _checked(one, _clean(given[one.id], 500))
        for one in procedure.intake.fields
        if given.get(one.id, "").strip()
    }


def _checked(asked: IntakeField, value: str) -> str:
    if asked.type == "choice" and value not in asked.choices:
        raise Refused(f"“{asked.label}”没有“{value[:20]}”这一选项", "请重新选择。")
    if asked.type == "number" and not value.isdecimal():
        raise Refused(f"“{asked.label}”不是数字", "请填写阿拉伯数字。")
    return value
