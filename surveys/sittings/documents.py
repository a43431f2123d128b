"""What a town prints for a sitting: list and sign-in sheet, notices, minutes (纪要; YC-R6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from office import dates
from office.workbooks.writing import workbook
from surveys.models import Invitation, Sitting
from surveys.sittings.figures import faults_of

WEEKDAYS = "一二三四五六日"
HEADINGS = (
    "类别",
    "正选或候补",
    "顺序号",
    "市场主体名称",
    "统一社会信用代码",
    "联系人",
    "联系电话",
    "通知情况",
)


def when_in_words(sitting: Sitting) -> str:
    weekday = WEEKDAYS[sitting.date.weekday()]
    return f"{dates.day(sitting.date)}（星期{weekday}）{sitting.begins:%H:%M}"


def notice(sitting: Sitting) -> str:
    ask = f"咨询电话：{sitting.inquiries or '＿＿＿＿＿＿＿＿'}。"
    return (
        f"兹定于{when_in_words(sitting)}在{sitting.place}举行{sitting.survey.title}现场评价，请贵单位（户）"
        "派一名熟悉办事情况的人员参加。评价不记名，凭条当场领取，不登记领取人；可用手机填写，也可领取纸质票。"
        f"不能参加的，请及时告知，以便安排候补。{ask}"
    )


def list_workbook(sitting: Sitting, invitations: Sequence[Invitation]) -> bytes:
    """The list to invite by; contacts are in it, slips are not."""
    rows = [
        (
            one.stratum.name,
            "候补" if one.is_substitute else "正选",
            one.place,
            one.entity.name,
            one.entity.code,
            one.entity.contact,
            one.entity.phone,
            "",
        )
        for one in invitations
    ]
    return workbook(f"{sitting}邀请名单", HEADINGS, rows)


def list_html(sitting: Sitting, invitations: Sequence[Invitation]) -> str:
    """The same list to sign on arrival, without contacts."""
    return _html("list", sitting, invitations=invitations)


def notices_html(sitting: Sitting, invitations: Sequence[Invitation]) -> str:
    invited = [one for one in invitations if not one.is_substitute]
    pages = [invited[start : start + 2] for start in range(0, len(invited), 2)]
    return _html("notices", sitting, pages=pages, text=notice(sitting))


def minutes_html(sitting: Sitting, *, today: date) -> str:
    """The minutes: numbers only, to be signed by the witnesses."""
    names = {str(stratum.pk): stratum.name for stratum in sitting.survey.strata.all()}
    groups = [
        {"name": names[key], "invited": invited, "came": sitting.attended.get(key, [0, 0])}
        for key, (invited, _) in sitting.invited.items()
    ]
    counts = sitting.counts.select_related("batch__stratum").order_by("batch__number")
    return _html("minutes", sitting, groups=groups, counts=counts, faults=faults_of(sitting), today=today)


def _html(template: str, sitting: Sitting, **context: Any) -> str:
    around = {
        "sitting": sitting,
        "when": when_in_words(sitting),
        "county_name": settings.COUNTY_NAME,
        "demo": settings.DEMO,
        "today": timezone.localdate(),
        **context,
    }
    return render_to_string(f"surveys/sittings/{template}.html", around)
