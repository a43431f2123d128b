"""Who reported is sealed: apart, encrypted, opened with a reason, in nothing else that is stored (WY-R3)."""

from __future__ import annotations

import logging
import secrets
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from casework.matters import stopping
from casework.models import Matter, MatterEvent, Reporter, ReporterOpening
from casework.procedures.stored import in_use
from casework.reporters.opening import open_reporter, openings_of
from departments.models import Membership
from office import backups
from office.errors import Refused
from office.models import AuditEntry
from tests.casework.desk import UNRESOLVED, Desk, at

pytestmark = pytest.mark.django_db
NAME, PHONE, FIRM = "欧阳测试人", "13899990000", "示范测试商行"
WHY = "按规程回访，核实是否办成"
NOON = at("2026-11-30T12:00")


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def reported(desk: Desk, **told: Any) -> Matter:
    told = {"name": NAME, "phone": PHONE, "firm": FIRM, **told}
    return desk.register("2026-11-30T09:10", **told).matter


def test_a_reporter_is_opened_with_a_reason_that_the_inspectorate_reads(desk: Desk) -> None:
    """WY-R3: the centre alone; event and audit say that somebody looked, and nothing of who reported."""
    reporter = reported(desk).reporter
    for user in (desk.clerk, desk.officer, desk.leader, desk.inspector):
        with pytest.raises(Refused):
            open_reporter(reporter=reporter, reason=WHY, now=NOON, acting_user=user)
    for reason in ("回访", " " * 20, "长" * 201):
        with pytest.raises(Refused):
            open_reporter(reporter=reporter, reason=reason, now=NOON, acting_user=desk.operator)
    assert not ReporterOpening.objects.exists()
    found = open_reporter(reporter=reporter, reason=WHY, now=NOON, acting_user=desk.operator)
    assert (found["name"], found["phone"], found["firm"]) == (NAME, PHONE, FIRM)
    event = MatterEvent.objects.get(act="opened")
    entry = AuditEntry.objects.get(verb="查看反映人身份")
    assert (event.text, event.by) == ("", desk.operator)
    assert entry.after == {"编号": reporter.matter.number}
    (row,) = openings_of(date(2026, 11, 1))
    assert (row.by, row.reason) == (desk.operator, WHY)
    assert not openings_of(date(2026, 10, 1))
    assert not openings_of(date(2026, 12, 1))


def test_a_guess_in_the_reason_is_written_down_like_any_look_and_without_the_name(desk: Desk) -> None:
    """WY-R3: a refusal would confirm the guess and leave no trace."""
    reporter = reported(desk).reporter
    guess = f"{NAME}要求回电，需要核实"
    open_reporter(reporter=reporter, reason=guess, now=NOON, acting_user=desk.operator)
    assert ReporterOpening.objects.get().reason == "〔反映人〕要求回电，需要核实"


def test_a_unit_is_given_an_identity_with_the_tick_or_the_ground(desk: Desk) -> None:
    assignment = desk.assigned("2026-11-30T09:10", name=NAME, phone=PHONE)
    reporter = Reporter.objects.get(matter=assignment.matter)
    given: dict[str, Any] = {"reporter": reporter, "now": NOON, "acting_user": desk.operator}
    with pytest.raises(Refused, match="没有勾选"):
        open_reporter(reason="便于联系反映人", given_to=desk.unit, **given)
    with pytest.raises(Refused, match="没有在办"):
        open_reporter(reason="便于联系反映人", given_to=desk.other_unit, **given)
    open_reporter(reason="11月30日电话征得反映人同意后提供", given_to=desk.unit, **given)
    Reporter.objects.update(may_be_named=True)
    reporter.refresh_from_db()
    open_reporter(reason="便于联系反映人", given_to=desk.unit, **given)
    assert [event.text for event in MatterEvent.objects.filter(act="opened")] == ["提供给县甲局"] * 2
    Membership.objects.create(user=desk.operator, department=desk.unit)
    with pytest.raises(Refused, match="涉及您所在的单位"):
        open_reporter(reason=WHY, **given)


def test_the_inspectorate_reads_the_list_and_nothing_of_any_identity(desk: Desk) -> None:
    reporter = reported(desk).reporter
    open_reporter(reporter=reporter, reason=WHY, now=NOON, acting_user=desk.operator)
    client = Client()
    client.force_login(desk.inspector)
    page = client.get("/office/matters/openings/?month=2026-11").content.decode()
    assert WHY in page
    assert reporter.matter.number in page
    book = load_workbook(BytesIO(client.get("/office/matters/openings.xlsx?month=2026-11").content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]
    assert WHY in cells
    for secret in (NAME, PHONE, FIRM, reporter.matter.title):
        assert secret not in page
        assert secret not in cells
    assert "这个月没有人" in client.get("/office/matters/openings/?month=2026-10").content.decode()
    assert client.get("/office/matters/openings/?month=0000-99").status_code == 200
    client.force_login(desk.officer)
    assert client.get("/office/matters/openings/").status_code == 403


def whole_way(desk: Desk, client: Client) -> Matter:
    """File on the public page with a plate, handle, stop, supplement, reply, open, export: as in life."""
    sent = {
        "key": secrets.token_hex(16),
        "title": "变更多次退件",
        "text": "三次到窗口被退。",
        "who": "named",
        "name": NAME,
        "phone": PHONE,
        "firm": FIRM,
    }
    page = client.post(f"/report/{UNRESOLVED}/", sent).content.decode()
    matter = Matter.objects.get()
    client.post(f"/report/{UNRESOLVED}/", {**sent, "key": secrets.token_hex(16), "title": ""})
    matter = desk.judge(desk.accept(matter, "2026-11-30T09:20"), "yellow", "2026-11-30T09:30")
    (assignment,) = desk.assign(matter, "2026-11-30T09:40")
    assignment = desk.sign(assignment, "2026-11-30T10:00")
    stopping.ask_supplement(
        matter=matter, what="请补充受理单照片", now=at("2026-11-30T10:10"), acting_user=desk.operator
    )
    code = page.partition('class="large code">')[2].partition("<")[0]
    act = {"number": matter.number, "code": code, "act": "supplement", "text": "受理单在此"}
    assert "补充材料已经收到" in client.post("/report/progress/", act).content.decode()
    desk.reply(assignment, "2026-12-01T10:00")
    open_reporter(reporter=matter.reporter, reason=WHY, now=NOON, acting_user=desk.operator)
    for user in (desk.operator, desk.officer):
        browser = Client()
        browser.force_login(user)
        browser.get("/office/matters/")
        browser.get(f"/office/matters/{matter.pk}/")
        browser.get("/office/matters/export/")
    return matter


def test_no_identity_lies_anywhere_after_the_whole_way(
    desk: Desk, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """WY-R3: neither in the raw database, of which backups are made, nor in files or logs."""
    caplog.set_level(logging.DEBUG)
    matter = whole_way(desk, client)
    assert Reporter.objects.filter(matter=matter).exclude(phone_mark="").exists()
    dump = "\n".join(connection.connection.iterdump()) if connection.vendor == "sqlite" else ""
    assert backups.folders()["matters"][1] == "matters"
    assert settings.SECRET_KEY not in dump
    files = b"".join(path.read_bytes() for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file())
    for secret in (NAME, PHONE, FIRM, "138 9999 0000"):
        escaped = secret.encode("unicode_escape").decode()
        for written in (secret, escaped):
            assert written not in dump
            assert written not in caplog.text
            assert written.encode() not in files
    assert in_use(UNRESOLVED).text in dump.replace("''", "'") or connection.vendor != "sqlite"
