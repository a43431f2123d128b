"""What people do wrong on the pages of a round: refused with what to do, and nothing half written.

Others stand with what they are about: the ledger's in `test_ledger`, a grid's in `test_grids`, marks and late
sheets in `test_sheets`, pools in `tests/surveys/test_pools.py`, pasted blocks in `tests/journeys`.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evaluations.models import Channel, Entry, Round
from office.models import AuditEntry, User
from office.workbooks.writing import XLSX, workbook
from tests.evaluations.channels import Office, typed
from tests.evaluations.pages import said
from tests.kit.stored_states import stored

pytestmark = pytest.mark.django_db
UNITS = ("县甲局", "县乙局")
NEED = "marks.rectification"


@stored
def begun() -> Office:
    made = Office(
        "fangcheng-2022", dict.fromkeys(UNITS, "责任单位"), channels={"answers.enterprises": "counts"}
    )
    made.name_indicators("external.indicators", ["开办企业"])
    return made


@pytest.fixture
def office() -> Office:
    return begun()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.7 a notice", "这不是 Excel 工作簿"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "这是旧格式（.xls）的文件"),
        (b"PK\x03\x04" + bytes(3 * 1024 * 1024), "文件有 3 MB，超过 2 MB 的上限"),
        (workbook("得分", ["部门", "金额"], [["县甲局", 8]]), "没有找到"),
        (workbook("得分", ["单位", "得分"], [["县甲局", "优"], ["县乙局", 8]]), "“优”不是数"),
    ],
    ids=["a pdf", "an old workbook", "too large", "other columns", "letters"],
)
def test_a_file_that_is_no_such_workbook_is_refused_and_nothing_is_entered(
    office: Office, content: bytes, why: str
) -> None:
    url = f"/office/rounds/entries/{office.channel(NEED).pk}/import/"
    sent = {"file": SimpleUploadedFile("得分.xlsx", content, XLSX)}
    assert why in browser(office.operator).post(url, sent).content.decode()
    assert not Entry.objects.exists()


def end(office: Office, need: str, act: str, **given: Any) -> str:
    """Ask on the page of a channel, and read what it says."""
    url = f"/office/rounds/channels/{office.channel(need).pk}/{act}/"
    return said(browser(office.reviewer), url, given)


def test_a_channel_that_the_scheme_cannot_miss_is_not_set_aside(office: Office) -> None:
    """FC-R3, FC-R11: only what the text lets be absent; the result says what was left out."""
    told = end(office, NEED, "set-aside", reason="来不及")
    assert "所有单位都不能计分" in told
    assert "评价方案不允许缺这一项，请补齐后办结" in told
    assert office.channel(NEED).state == Channel.State.OPEN
    assert "必填" in end(office, "external.indicators", "set-aside", reason=" ")
    assert "已不采用" in end(office, "external.indicators", "set-aside", reason="本季度没有外部评价")
    left = office.channel("external.indicators")
    assert (left.state, left.set_aside_reason) == (Channel.State.SET_ASIDE, "本季度没有外部评价")
    url = f"/office/rounds/entries/{left.pk}/"
    row = office.row("县甲局")
    sent = {f"v-{row}-0": "90", f"s-{row}": "通报", f"d-{row}": "2026-09-01", "do": "save"}
    assert "不采用，不能填报" in said(browser(office.operator), url, sent)
    assert not Entry.objects.exists()


def test_a_round_does_not_end_while_something_is_missing(office: Office) -> None:
    office.enter(NEED, {"县甲局": typed(total="8")})
    office.confirm(NEED)
    told = end(office, NEED, "settle")
    assert "还有1处没有办完" in told
    assert "县乙局：缺得分" in told
    client = browser(office.operator)
    address = f"/office/rounds/{office.round.pk}/do/end/"
    assert "还有数据没有办结" in said(client, address, {"confirm": "on"})
    assert Round.objects.get().state == Round.State.OPEN
    assert not AuditEntry.objects.filter(verb__in=["办结取数渠道", "结束收集"]).exists()
