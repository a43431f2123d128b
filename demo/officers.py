"""Twelve officers, forty objects and a year of visits: one object that nobody serves, one visited too often.

All of it goes through the services a county uses; firms answer with the codes they were handed.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction

from casework.models import CoveredObject, OfficerLink, ServiceOfficer, Visit
from casework.officers import codes, linking, objects, questionnaires, rules, visiting
from casework.officers.problems import Heard
from casework.officers.rules import InUse
from casework.officers.visiting import Told
from departments.models import Department, Town
from office.accounts import passwords
from office.models import User
from office.roles import Role
from office.workbooks.credit_codes import check_character

SHANGHAI = ZoneInfo("Asia/Shanghai")
SINCE = date(2025, 11, 3)
NAMES = "壹贰叁肆伍陆柒捌玖拾佰仟"
FIRMS, STREETS, PARKS = 33, 5, 2
PROBLEM_IN = 5  # one visit in so many brings a problem
CALL_IN = 3
QUESTIONS = "用工是否紧张：紧张、基本够用、不紧张\n融资是否顺利：顺利、不顺利、没有需求\n最需要帮助的一件事"
PROBLEMS = (
    ("厂区增容申请两个月没有答复（示范）", "某企业申请用电增容，窗口两次答复不一致（示范）。"),
    ("招工信息不能及时发布（示范）", "某企业旺季缺工，发布招工信息须逐级登记（示范）。"),
    ("设备补贴材料反复补正（示范）", "某企业申报设备补贴，三次补正的内容不同（示范）。"),
    ("园区道路夜间照明不足（示范）", "职工夜班上下班反映路段没有照明（示范）。"),
    ("贷款贴息到账时间不明（示范）", "某企业贴息申请通过以后，没有告知拨付时间（示范）。"),
)
DEEDS = (
    "当场联系窗口，核对了材料清单（示范）。",
    "陪同到窗口说明情况（示范）。",
    "约承办科室到现场查看（示范）。",
)


@transaction.atomic
def serve_firms(people: Mapping[str, User], until: date) -> None:
    """Fill the year before `until`; the same every time."""
    chance = random.Random(2026)  # noqa: S311 - a demo that is the same every time
    centre = people["centre"]
    officers = _officers(centre)
    listed = _objects(centre)
    for number, covered in enumerate(listed[:-1]):
        _link(centre, covered, officers, number)
    questionnaires.make_questionnaire(
        title="企业需求调查表（示范）", lines=QUESTIONS, now=_at(SINCE, 9), acting_user=centre
    )
    links = {link.object_id: link for link in OfficerLink.objects.select_related("officer__user", "object")}
    used = rules.in_use()
    for covered in listed[:-2]:
        _year(chance, links[covered.pk], used, until)
    _too_often(links[listed[0].pk], used, until)
    _confirm(chance, centre, listed[: FIRMS // 2], until)


def _officers(centre: User) -> list[ServiceOfficer]:
    hashed = make_password(passwords.OF_THE_DEMO)
    units = list(Department.objects.bodies().order_by("order", "id")[: len(NAMES)])
    made = []
    for number, name in enumerate(NAMES):
        user = User.objects.create(
            username="officer" if number == 0 else f"officer{number + 1}",
            password=hashed,
            first_name=f"示范{name}",
            role=Role.SERVICE_OFFICER,
            is_staff=True,
        )
        unit = units[number % len(units)]
        made.append(
            linking.appoint_officer(user=user, unit=unit, post="副科级干部（示范）", acting_user=centre)
        )
    return made


def _objects(centre: User) -> list[CoveredObject]:
    towns = list(Town.objects.all())
    kinds = ["enterprise"] * FIRMS + ["street"] * STREETS + ["park"] * PARKS
    words = {"enterprise": "示范第{}制造有限公司", "street": "示范第{}街区", "park": "示范第{}特色园区"}
    return [
        objects.keep_object(
            covered=None,
            kind=kind,
            name=words[kind].format(f"{number:02d}"),
            credit_code=_credit_code(number) if kind == "enterprise" else "",
            town=towns[number % len(towns)] if towns else None,
            active_from=SINCE,
            acting_user=centre,
        )
        for number, kind in enumerate(kinds, start=1)
    ]


def _credit_code(number: int) -> str:
    body = f"91999999MADEM{number:04d}".replace("DEM", "D0E")
    return body + check_character(body)


def _link(centre: User, covered: CoveredObject, officers: Sequence[ServiceOfficer], number: int) -> None:
    linking.link_officer(
        covered=covered,
        officer=officers[number % len(officers)],
        deputy=officers[(number + 1) % len(officers)],
        from_day=SINCE,
        acting_user=centre,
    )


def _year(chance: random.Random, link: OfficerLink, used: InUse, until: date) -> None:
    """One visit a quarter, calls between them, a problem now and then."""
    day = SINCE + timedelta(days=chance.randrange(4, 40))
    while day < until:
        while not used.reckoner.clock.calendar.works(day):
            day += timedelta(days=1)
        if day >= until:
            break
        heard = _heard(chance) if chance.randrange(PROBLEM_IN) == 0 else None
        _enter(link, used, Told(day, "on_site", "principal", ("business", "labor"), heard=heard))
        if chance.randrange(CALL_IN) == 0 and day + timedelta(days=10) < until:
            _enter(link, used, Told(day + timedelta(days=10), "phone", "finance", ("finance",)))
        day += timedelta(days=chance.randrange(60, 95))


def _heard(chance: random.Random) -> Heard:
    title, text = chance.choice(PROBLEMS)
    level = chance.choice(("slight", "hard", "severe"))
    return Heard(title=title, text=text, level=level, own_deed=chance.choice(DEEDS))


def _too_often(link: OfficerLink, used: InUse, until: date) -> None:
    """Three visits in one month: the third says why."""
    first = (until - timedelta(days=1)).replace(day=1)
    for number in range(1, 4):
        day = first + timedelta(days=2 * number)
        if day < until:
            told = Told(day, "on_site", "manager", ("utilities",), reason="企业请求现场协调用电（示范）。")
            if not link.object.visits.filter(on=day).exists():
                _enter(link, used, told)


def _enter(link: OfficerLink, used: InUse, told: Told) -> None:
    visiting.enter_visit(
        covered=link.object,
        told=told,
        officer=link.officer,
        now=_at(told.on, 16),
        acting_user=link.officer.user,
        used=used,
    )


def _confirm(chance: random.Random, centre: User, firms: Sequence[CoveredObject], until: date) -> None:
    """Half of the firms have a code and use it; one visit is denied, the latest are not answered yet."""
    open_since = until - timedelta(days=14)
    for number, covered in enumerate(firms):
        code = codes.give_code(covered=covered, now=_at(SINCE, 10), acting_user=centre)
        for visit in covered.visits.filter(answer=Visit.Answer.WAITING, on__lt=open_since):
            visiting.answer_visit(
                code=code,
                visit_id=visit.pk,
                happened=not (number == 1 and visit.on.month == 10),
                stars=chance.choice((5, 5, 4, 3)),
                now=_at(visit.on + timedelta(days=2), 11),
            )


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)
