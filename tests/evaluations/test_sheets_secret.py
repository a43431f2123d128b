"""No page, export, audit row or table says what a marker gave before two persons opened the panel."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
from django.apps import apps
from django.http import HttpResponseBase
from django.test import Client
from openpyxl import load_workbook

from evaluations.gathering.facts import gathered
from evaluations.gathering.sheets import kind, panels
from evaluations.models import MarkSheet, PanelAct, SheetReading
from office.models import AuditEntry, User
from office.roles import Role
from tests.evaluations.jilin import NOW, Zone, begun, fresh
from tests.kit.at_once import at_once
from tests.walk.addresses import OFFICE

SECRET = "23.5"
Keying = MarkSheet.Keying
WIDEST = (Role.ADMINISTRATOR, Role.CENTRE_OPERATOR)  # they are shown most of what is no page of a round


def everything_in(response: HttpResponseBase) -> bytes:
    """The whole of an answer; a workbook unpacked."""
    content = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
    if not is_zipfile(BytesIO(content)):
        return bytes(content)
    with ZipFile(BytesIO(content)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


def tables_with(secret: str) -> list[str]:
    found = []
    for model in apps.get_models():
        found += [
            f"{model.__name__} {row}" for row in model._base_manager.values_list() if secret in repr(row)
        ]
    return found


@pytest.mark.django_db
def test_before_the_opening_a_mark_is_in_no_page_export_audit_row_or_table() -> None:
    """JL-R8: administrators and the centre included; only its marker sees it."""
    zone = begun()
    sheet = zone.marker("leaders", "甲某")
    mine = zone.submit(sheet, {"区甲局": SECRET, "区乙局": SECRET}).marker.account
    assert mine is not None
    channel, asked = zone.panel().channel, 0
    values = {
        "round_id": zone.round.pk,
        "channel_id": channel.pk,
        "sheet_id": sheet.pk,
        "marker_id": sheet.marker_id,
        "department_id": zone.units["区甲局"].pk,
        "number": 1,
    }
    objects = {"marker": sheet.marker_id, "schemeversion": zone.round.scheme_version_id}
    for user in zone.users.values():
        browser = Client(raise_request_exception=False)
        browser.force_login(user)
        for page in OFFICE:
            elsewhere = not page.name.startswith("cockpit:") and user.role not in WIDEST
            if page.name in ("logout", "login") or elsewhere or page.is_closed_to(Role(user.role)):
                continue  # what is closed to a role stays closed: tests/walk
            model = page.model_admin.opts.model_name if page.model_admin else ""
            address = page.address(**values, object_id=objects.get(model or "", 1), pk=1)
            answer = browser.get(address)
            asked += answer.status_code == 200
            assert SECRET.encode() not in everything_in(answer), (user, address)
    assert asked > 100
    assert tables_with(SECRET) == []
    own = Client()
    own.force_login(mine)
    assert SECRET in own.get(f"/office/rounds/sheets/mark/{sheet.pk}/").content.decode()
    other = Client()
    other.force_login(User.objects.create_user("other", role=Role.MARKER))
    assert other.get(f"/office/rounds/sheets/mark/{sheet.pk}/").status_code == 404
    panel_page = f"/office/rounds/sheets/{channel.pk}/"
    reader = Client()
    reader.force_login(zone.operator)
    zone.open()
    assert SECRET in reader.get(panel_page).content.decode()
    assert (
        "甲某"
        not in reader.get(panel_page).content.decode().partition("打分结果")[2].partition("</table>")[0]
    )
    assert tables_with(SECRET) == []


@pytest.mark.django_db
def test_a_clerk_sees_nothing_of_what_another_one_keyed() -> None:
    zone = begun()
    sheet = zone.marker("supervisors", "监督员", paper=True)
    zone.receive(sheet)
    zone.open("supervisors")
    first, second = (User.objects.create_user(f"clerk{n}", role=Role.PAPER_CLERK) for n in range(2))
    zone.key_in(sheet, {"区甲局": "7.5"}, first)
    browser = Client()
    for user in (second, zone.operator, zone.reviewer):
        browser.force_login(user)
        for address in (f"{zone.panel('supervisors').channel_id}/keying", f"key/{sheet.pk}"):
            answer = browser.get(f"/office/rounds/sheets/{address}/", follow=True)
            without_icons = re.sub(r"(?s)<svg.*?</svg>", "", answer.content.decode())
            assert "7.5" not in without_icons
    assert tables_with("'7.5'") == []


# --- After the opening -------------------------------------------------------------------------------

MARKERS = 60
CHANCE = 0.65  # five standard deviations of the correlation of sixty random ranks


def correlation(order: list[str], marks: list[str]) -> float:
    """Spearman's rank correlation between the order in which marks stand and that of their markers."""
    place = {mark: rank for rank, mark in enumerate(marks)}
    squares = sum((place[mark] - at) ** 2 for at, mark in enumerate(order))
    return 1 - 6 * squares / (len(marks) * (len(marks) ** 2 - 1))


def orders_of(zone: Zone) -> dict[str, list[str]]:
    """The marks of a unit in every order in which they can be read."""
    channel = zone.panel().channel
    found = kind.facts(channel)[zone.key("区甲局")]["marks"]["leaders"]
    page = Client()
    page.force_login(zone.operator)
    row = page.get(f"/office/rounds/sheets/{channel.pk}/").content.decode().partition('scope="row">区甲局')[2]
    text = re.sub(r"<[^>]*>", "", row.partition('data-label="各份打分">')[2].partition("</td>")[0])
    return {
        "facts": [str(mark) for mark in found.values()],
        "page": [mark.strip("★") for mark in text.split("、")],
    }


@pytest.mark.django_db
def test_after_the_opening_no_order_leads_from_a_mark_to_its_marker() -> None:
    """JL-R8: searched as ballots are. Sixty leaders mark one after another, each differently."""
    zone, chosen = begun(), random.Random(5)  # noqa: S311 - marks, no secrets
    given = {name: chosen.sample([f"{half / 2:g}" for half in range(61)], MARKERS) for name in zone.units}
    for number in range(MARKERS):
        sheet = zone.marker("leaders", f"领导{number:02}")
        zone.submit(sheet, {name: marks[number] for name, marks in given.items()}, zeros_confirmed=True)
    zone.open()
    read = kind.readable(zone.panel())
    before = [marks[zone.key("区甲局")]["total"] for _, marks in read]
    assert correlation(before, given["区甲局"]) == 1, "the search must be able to see an order"
    sheets = list(MarkSheet.objects.order_by("marker_id"))
    assert len({len(sheet.sealed) for sheet in sheets}) == 1, "nor does a length tell"
    own = dict(zip((sheet.pk for sheet in sheets), given["区甲局"], strict=True))
    other = dict(zip((sheet.pk for sheet in sheets), given["区乙局"], strict=True))
    orders = orders_of(zone)
    for key in ("marker_id", "number", "submitted_at", "sealed", "pk"):
        by_key = [own[sheet.pk] for sheet in sorted(sheets, key=lambda one: getattr(one, key))]
        found = {name: correlation(order, by_key) for name, order in orders.items()}
        assert max(map(abs, found.values())) < CHANCE, (key, found)
    # What one marker gave two units does not stand at the same place in both.
    ranks = [sorted(other.values(), key=float).index(mark) for mark in other.values()]
    along = [own[pk] for _, pk in sorted(zip(ranks, own, strict=True))]
    assert all(abs(correlation(order, along)) < CHANCE for order in orders.values())


@pytest.mark.django_db
def test_no_line_of_a_page_file_or_audit_row_has_a_mark_and_its_marker() -> None:
    """JL-R8: opened, settled, computed: the office reads what was given and who gave, never together."""
    zone = begun()
    names = ("甲某", "乙某")
    for name, marks in zip(names, ({"区甲局": SECRET, "区乙局": "11.5"}, {"区甲局": "17.5"}), strict=True):
        zone.submit(zone.marker("leaders", name), marks)
    zone.open()
    zone.settle("leaders")
    for panel in ("departments", "enterprises", "supervisors"):
        zone.give(panel, [{"区甲局": "9", "区乙局": "8"}])
    result = zone.compute()
    numbers = [str(number) for number in MarkSheet.objects.values_list("number", flat=True)]
    browser, seen = Client(), 0
    browser.force_login(zone.operator)
    for address in (
        f"rounds/sheets/{zone.panel().channel_id}/",
        f"rounds/{zone.round.pk}/result/",
        f"rounds/{zone.round.pk}/result/{zone.units['区甲局'].pk}/",
        f"rounds/{zone.round.pk}/result/{zone.units['区甲局'].pk}/sheet/",
        f"results/{result.pk}/ranking.xlsx",
        f"results/{result.pk}/sheets/xlsx/",
    ):
        for line in lines_of(browser.get(f"/office/{address}")):
            seen += SECRET in line
            if any(mark in line for mark in (SECRET, "11.5", "17.5")):
                assert [one for one in (*names, *numbers) if one in line] == [], (address, line)
    assert seen, "the office reads the marks themselves"
    told = AuditEntry.objects.values_list("before", "after", "object_label")
    assert [row for row in told if SECRET in repr(row)] == []
    stored = repr((result.facts, result.outcome))
    assert SECRET in stored
    assert [one for one in (*names, *numbers) if one in stored] == []


def lines_of(response: HttpResponseBase) -> list[str]:
    """The rows of a workbook, or those of a page with what stands in none."""
    assert response.status_code == 200
    content = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
    if is_zipfile(BytesIO(content)):
        book = load_workbook(BytesIO(content))
        return [repr(row) for sheet in book for row in sheet.iter_rows(values_only=True)]
    return re.split(r"<tr|<li|<p[ >]|<dd", bytes(content).decode())


# --- At the same moment -----------------------------------------------------------------------------


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_one_person_in_two_windows_does_not_open_a_panel_and_two_persons_open_it_once() -> None:
    zone = begun()
    zone.submit(zone.marker("leaders", "甲某"), {"区甲局": "28"})

    def signs(user: User) -> Callable[[], object]:
        return lambda: panels.sign(panel=zone.panel(), act=PanelAct.Act.OPEN, now=NOW, acting_user=user)

    said = at_once(signs(zone.reviewer), signs(zone.reviewer))
    assert said[0] == "done"
    assert said[1].startswith("您已经提出开启")
    assert zone.panel().opened_at is None
    said = at_once(signs(zone.inspector), signs(zone.users["leading_group"]))
    assert said[0] == "done"
    assert said[1].startswith("打分表已经由两人开启")
    act = PanelAct.objects.get()
    assert act.first == zone.reviewer
    assert act.second in (zone.inspector, zone.users["leading_group"])


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_key_one_sheet_at_the_same_moment_are_two_readings() -> None:
    zone = begun()
    sheet = zone.marker("supervisors", "监督员", paper=True)
    zone.receive(sheet)
    zone.open("supervisors")
    clerks = [User.objects.create_user(f"clerk{n}", role=Role.PAPER_CLERK) for n in range(2)]
    said = at_once(
        *((lambda clerk=clerk: zone.key_in(sheet, {"区甲局": "9"}, clerk)) for clerk in clerks),
    )
    assert said == ["done", "done"]
    assert fresh(sheet).keying == Keying.SETTLED
    assert SheetReading.objects.count() == 2


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_sheet_and_the_opening_at_the_same_moment_leave_no_sheet_half_counted() -> None:
    zone = begun()
    zone.submit(zone.marker("leaders", "甲某"), {"区甲局": "28"})
    late = zone.marker("leaders", "乙某")
    panels.sign(panel=zone.panel(), act=PanelAct.Act.OPEN, now=NOW, acting_user=zone.reviewer)
    at_once(
        lambda: zone.submit(late, {"区甲局": "20"}),
        lambda: panels.sign(panel=zone.panel(), act=PanelAct.Act.OPEN, now=NOW, acting_user=zone.inspector),
    )
    assert zone.panel().opened_at is not None
    came = fresh(late).state == MarkSheet.State.SUBMITTED
    zone.settle("leaders")
    marks = gathered(zone.round)[zone.key("区甲局")]["marks"]["leaders"]
    assert marks == ({"m1": "20", "m2": "28"} if came else {"m1": "28"})
