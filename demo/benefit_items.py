"""The demo's catalogue of benefits from a data file, and the firms that may get them; all of it made up."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password

from benefits.catalogue.checking import Draft
from benefits.catalogue.drafting import draft_version, end_version, hand_in, settle_version
from benefits.firms.access import hand_out_code
from benefits.models import Firm, FirmLabel, ItemVersion
from benefits.rules import rules
from departments.models import Department, Membership
from office.models import User
from office.roles import Role
from office.workbooks.credit_codes import check_character

DATA = Path(__file__).parent / "data" / "benefits.yaml"
PAPERS = (
    {"name": "营业执照", "may_be_waived": True},
    {"name": "申请表"},
    {"name": "符合条件的证明材料"},
)
LEVELS = ("city", "county")
STEPS = "专窗受理，主管部门审核报批，财政部门拨付。"
NAMES = ("制造", "建筑", "商贸", "餐饮", "软件", "农业", "服务")
TRIED = 35  # a firm of industry of which one label is not known
FIRST = date(2025, 1, 1)
LAST = date(2027, 12, 31)

Handlers = Mapping[Department, Sequence[User]]


def publish_items(handlers: Handlers, people: Mapping[str, User], today: date, most: int) -> None:
    """Draft each item by its department and let the centre approve it; the last ones wait for that."""
    found = _data()
    step = max(len(found["items"]) // most, 1)
    chosen = found["items"][::step]
    for number, item in enumerate(chosen, start=1):
        unit = _unit(found, item, number, handlers)
        draft = _draft(found, item, number, unit)
        version = hand_in(
            version=draft_version(draft=draft, acting_user=handlers[unit][0]), acting_user=handlers[unit][0]
        )
        first = today - timedelta(days=365)
        settle_version(version=version, approves=True, why="", today=first, acting_user=people["centre"])
    _change_some(found, chosen, handlers, people, today)


def _data() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return found


def with_officers(handlers: Handlers) -> Handlers:
    """Give every department that the items name two people who answer, where it has none."""
    words = [word for some in _data()["units"].values() for word in some]
    found, roles = dict(handlers), (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_REVIEWER)
    for unit in Department.objects.disclosing().order_by("order"):
        if unit in found or not any(word in unit.name for word in words):
            continue
        found[unit] = [
            User.objects.create(
                username=f"benefit{unit.pk}-{turn}",
                password=make_password(None),
                first_name=f"示范惠企{unit.order}{turn}",
                role=role,
                is_staff=True,
            )
            for turn, role in zip("甲乙", roles, strict=True)
        ]
        Membership.objects.bulk_create(Membership(user=user, department=unit) for user in found[unit])
    return found


def _unit(found: Mapping[str, Any], item: Mapping[str, Any], number: int, handlers: Handlers) -> Department:
    """The department whose subject an item is; where the county has none, one after the other."""
    words = found["units"][item["unit"]]
    fitting = [unit for unit in handlers if any(word in unit.name for word in words)]
    return fitting[0] if fitting else list(handlers)[number % len(handlers)]


def _draft(found: Mapping[str, Any], item: Mapping[str, Any], number: int, unit: Department) -> Draft:
    condition = found["conditions"][item["condition"]]
    document = found["documents"][item["document"]]
    labels = rules()[1]
    fields = {
        "name": item["name"],
        "category": item["class"],
        "kind": item["kind"],
        "level": LEVELS[number % len(LEVELS)],
        "section": "政策法规股",
        "document_title": document["title"],
        "document_number": document["number"],
        "clause": f"第{number % 20 + 1}条",
        "audience": condition["audience"],
        "area": "示范县",
        "standard": f"{item['standard']}。",
        "ceiling": Decimal(item["ceiling"]) if "ceiling" in item else None,
        "way": "拨付到企业账户" if "ceiling" in item else "主管部门落实",
        "steps": STEPS,
        "valid_from": FIRST,
        "valid_to": LAST,
        "fund": "财政预算" if "ceiling" in item else "",
        "contact_phone": f"0000-1{number:06}",
        "watch_phone": "0000-0000012",
    }
    conditions = [
        {"label": label, "test": test, "value": value, "says": _says(labels, label, test, value)}
        for label, test, value in condition["tests"]
    ]
    return Draft(f"HQ-{number:03}", unit, fields, conditions, PAPERS)


def _says(known: Any, label_id: str, test: str, value: str) -> str:
    label = known.label(label_id).label
    if value == "是":
        return label
    return {
        "is": f"{label}为{value}",
        "one_of": f"{label}为{value}之一",
        "at_most": f"{label}不超过{value}",
        "since": f"{label}在{value}以后",
    }[test]


def _change_some(
    found: Mapping[str, Any],
    chosen: Sequence[Mapping[str, Any]],
    handlers: Handlers,
    people: Mapping[str, User],
    today: date,
) -> None:
    """New versions over the last months, one item ended, one waits for approval, one is a draft."""
    for turn, number in enumerate(range(7, len(chosen), 17)):
        item = {**chosen[number - 1]}
        unit = _unit(found, item, number, handlers)
        if "ceiling" in item:
            item["ceiling"] = item["ceiling"] * 2
        draft = _draft(found, item, number, unit)
        begins = today - timedelta(days=35 * turn)
        fields = {**draft.fields, "valid_from": begins}
        made = draft_version(
            draft=Draft(draft.code, unit, fields, draft.conditions, PAPERS), acting_user=handlers[unit][0]
        )
        if turn == 0:
            continue
        made = hand_in(version=made, acting_user=handlers[unit][0])
        if turn > 1:
            settle_version(version=made, approves=True, why="", today=begins, acting_user=people["centre"])
    last = ItemVersion.objects.filter(item__code=f"HQ-{len(chosen):03}").order_by("-number")[0]
    if last.state == ItemVersion.State.PUBLISHED:
        day = today - timedelta(days=40)
        end_version(
            version=last, why="政策到期（示范）。", ended_on=day, today=day, acting_user=people["centre"]
        )


def make_firms(count: int, today: date) -> list[Firm]:
    """Firms with what a register says of them; of every fifth nobody knows all."""
    chance = random.Random(20261201)  # noqa: S311 - a demo that is the same every time
    industries = rules()[1].label("industry")
    sizes = rules()[1].label("size")
    new = [_firm(number) for number in range(1, count + 1)]
    Firm.objects.bulk_create(new, ignore_conflicts=True)  # one may have its access code already
    firms = list(
        Firm.objects.filter(credit_code__in=[one.credit_code for one in new]).order_by("credit_code")
    )
    labels = []
    for number, firm in enumerate(firms, start=1):
        known = {
            "industry": industries.choices[number % len(NAMES)] if industries else "",
            "size": chance.choice(sizes.choices) if sizes else "",
            "above_scale": chance.choice("是否否"),
            "first_above_scale": chance.choice("是否否否"),
            "high_tech": chance.choice("是否否"),
            "special_new": chance.choice("是否否否"),
            "employees": str(chance.randrange(3, 500)),
            "revenue": str(chance.randrange(50, 20000)),
            "registered_in": "是",
            "credit_clean": chance.choice("是是是是是否"),
            "founded": str(date(chance.randrange(2010, 2026), chance.randrange(1, 13), 1)),
        }
        if number % 5 == 0:
            del known[chance.choice(("high_tech", "special_new", "employees", "credit_clean"))]
        labels += [
            FirmLabel(firm=firm, label=label, value=value, source=FirmLabel.Source.LIST, told_on=today)
            for label, value in known.items()
        ]
    FirmLabel.objects.bulk_create(labels)
    return firms


def hand_out_one(today: date, by: User) -> tuple[str, str]:
    """Return credit code and access code of a firm with which anybody can try the pages of firms."""
    firm = _firm(TRIED)
    firm.save()
    return firm.credit_code, hand_out_code(firm=firm, today=today, acting_user=by)


def _firm(number: int) -> Firm:
    name = f"示范第{number:03}{NAMES[number % len(NAMES)]}有限公司"
    return Firm(credit_code=_code(number), name=name)


def _code(number: int) -> str:
    body = f"9100000099{number:07}"
    return body + check_character(body)


def labels_of(firms: Sequence[Firm]) -> Iterator[tuple[Firm, dict[str, str]]]:
    known: dict[int, dict[str, str]] = {one.pk: {} for one in firms}
    for pk, label, value in FirmLabel.objects.values_list("firm", "label", "value"):
        known.setdefault(pk, {})[label] = value
    for one in firms:
        yield one, known[one.pk]
