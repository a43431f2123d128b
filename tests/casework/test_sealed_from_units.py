"""Who reported, where and at what hour is in nothing that the handling unit can reach (WY-R3, WY-R5)."""

from __future__ import annotations

import html
import io
import json
import logging
import re
import secrets
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django.fixtures import Settings

from casework.matters import lateness, stopping
from casework.models import Assignment, Matter, MatterEvent, MatterFile, VisitProblem
from casework.officers import linking
from casework.officers.problems import Heard
from casework.plates.placing import make_plates
from casework.procedure.words import Stage
from casework.procedures.stored import in_use
from casework.reporters.opening import open_reporter
from departments.models import Notice
from departments.notices import outgoing
from office import backups
from office.models import AuditEntry, Job, User
from office.roles import Role
from reports.models import IssuingBody, OfficialDocument
from tests.casework.desk import UNRESOLVED, Desk, at
from tests.casework.test_officers import County
from tests.kit.outside import MailServer, Messenger, at_work
from tests.walk.addresses import OFFICE

pytestmark = pytest.mark.django_db(transaction=True)  # a backup is made
NAME, PHONE, FIRM = "欧阳密封人", "13899990000", "示范密封商行"
PLACE, CAMERA, ARTIST = "城东工业园北门岗亭", "Secret-Camera-77", "Ouyang Artist"
OFFICER = "密封服务官"
FILED = "2026-03-02T08:07:13"
IDENTITY = (NAME, PHONE, "138 9999 0000", FIRM, CAMERA, ARTIST)
HOURS = ("08:07", "8时07", "00:07:13", "08:21", "00:21:00")
"""When it was filed and accepted, before the assignment: as people read it, and as moments are stored."""
CONCERNING = re.compile(r"office/$|/matters/|/documents/|/notices?/|/exports|/jobs?/")


def photo() -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[0x010F], exif[0x013B], exif[0x9003] = CAMERA, ARTIST, "2026:03:02 08:07:13"
    exif[0x8825] = {1: "N", 2: (33.0, 26.0, 7.0)}
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#369").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(f"{PHONE}.jpg", out.getvalue())


class Proceeding:
    """One matter scanned from a plate and one heard by an officer, from the filing to the end."""

    def __init__(self, set_clock: Callable[[str], None]) -> None:
        self.county = County()
        self.desk: Desk = self.county.desk
        User.objects.filter(pk=self.desk.officer.pk).update(email="unit@county.example")
        self.set_clock = set_clock
        (self.plate,) = make_plates(
            places=(PLACE,),
            kind="enterprise",
            valid_from=date(2026, 1, 1),
            acting_user=self.desk.operator,
        )
        self.matter, self.code = self.filed()
        self.heard = self.heard_on_a_visit()
        self.handled()

    def filed(self) -> tuple[Matter, str]:
        self.set_clock(FILED)
        sent = {
            "key": secrets.token_hex(16),
            "title": "变更多次退件",
            "text": "三次到窗口被退。",
            "who": "named",
            "name": NAME,
            "phone": PHONE,
            "firm": FIRM,
            "may_be_named": "on",
            "photos": [photo()],
        }
        page = Client().post(f"/p/{self.plate.code}/{UNRESOLVED}/", sent).content.decode()
        return Matter.objects.get(), page.partition('class="large code">')[2].partition("<")[0]

    def heard_on_a_visit(self) -> Assignment:
        """An officer has five firms at most: whoever learns which officer brought a matter knows too much."""
        user = User.objects.create_user(OFFICER, role=Role.SERVICE_OFFICER)
        officer = linking.appoint_officer(
            user=user, unit=self.desk.other_unit, acting_user=self.desk.operator
        )
        firm = self.county.firm()
        self.firm = firm.name
        self.county.link(firm, officer, date(2026, 1, 1))
        heard = Heard(
            title="增容缓慢", text="某企业申请两个月没有答复。", level="hard", own_deed="已当面说明。"
        )
        self.county.visit(firm, "2026-03-02", heard=heard, now=FILED)
        return self.given(VisitProblem.objects.get().matter)

    def given(self, matter: Matter) -> Assignment:
        desk = self.desk
        if matter.procedure.has(Stage.ACCEPTANCE):
            matter = desk.accept(matter, "2026-03-02T08:21")
        if matter.procedure.has(Stage.JUDGING):
            matter = desk.judge(matter, matter.category, "2026-03-02T08:21")
        return desk.assign(matter, "2026-03-02T09:40")[0]

    def handled(self) -> None:
        desk, one = self.desk, self.given(self.matter)
        told: dict[str, Any] = {"matter": self.matter, "acting_user": desk.operator}
        desk.sign(one, "2026-03-02T10:00")
        stopping.ask_supplement(what="请补充受理单照片", now=at("2026-03-02T10:10"), **told)
        self.set_clock("2026-03-03T08:07:13")
        act = {"number": self.matter.number, "code": self.code, "act": "supplement", "text": "受理单在此"}
        answer = Client().post("/report/progress/", {**act, "photos": [photo()]}).content.decode()
        assert "补充材料已经收到" in answer
        lateness.supervise(
            assignment=one, text="限三日内办结。", now=at("2026-03-04T09:00"), acting_user=desk.operator
        )
        self.set_clock("2026-03-04T09:30")
        for kind in ("matter_assignment", "matter_supervision"):
            self.issue("matter_assignment", kind, one.pk)
        desk.reply(one, "2026-03-05T10:00")
        desk.complete(one, "2026-03-05T11:00")
        reason = "按规程回访，核实是否办成"
        reporter = self.matter.reporter
        open_reporter(
            reporter=reporter,
            reason=reason,
            given_to=None,
            now=at("2026-03-05T12:00"),
            acting_user=desk.operator,
        )
        desk.call(self.matter, "2026-03-06T09:00", "不满意")
        self.issue("matter", "matter_told", self.matter.pk)

    def issue(self, about: str, kind: str, pk: int) -> None:
        body, _ = IssuingBody.objects.get_or_create(name="某县服务中心", code="某营商")
        client = Client()
        client.force_login(self.desk.operator)
        address = reverse("document-new", args=[about, pk, kind])
        asked = client.get(address).context["form"]
        answers = {name: field.initial or "" for name, field in asked.fields.items()}
        answers |= {"body": body.pk, "on": "2026-03-04", "serial": "", "issue": "1"}
        answer = client.post(address, answers)
        assert answer.status_code == 302, answer.context["form"].errors


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def to(when: str) -> None:
        moment = at(when)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return to


def addresses(did: Proceeding) -> Iterator[str]:
    """Every address of the room, its papers, notices and jobs, those that refuse a unit's user among them."""
    named: dict[str, Any] = {
        "matter_id": did.matter.pk,
        "assignment_id": did.matter.assignments.latest("pk").pk,
        "plate_id": did.plate.pk,
        "problem_id": VisitProblem.objects.get().pk,
        "covered_id": VisitProblem.objects.get().visit.object_id,
        "officer_id": VisitProblem.objects.get().owner_id,
        "visit_id": VisitProblem.objects.get().visit_id,
        "file_id": MatterFile.objects.earliest("pk").pk,
        "procedure": UNRESOLVED,
        "version_id": in_use(UNRESOLVED).pk,
        "about": "matter",
        "about_id": did.matter.pk,
        "kind": "matter_told",
    }
    for page in OFFICE:
        if CONCERNING.search(page.route):
            yield page.address(**named)
    for one in did.heard.matter.assignments.all():
        yield reverse("casework:own-assignment", args=[one.pk])
    for document in OfficialDocument.objects.all():
        yield reverse("document-page", args=[document.pk])
        yield from (reverse("paper-file", args=[document.pk, form]) for form in ("pdf", "docx"))
    yield from (reverse("notice", args=[one.pk]) for one in Notice.objects.all())
    yield from (reverse("casework:matter-file", args=[one.pk]) for one in MatterFile.objects.all())
    yield reverse("casework:own-assignments") + "?done=1"
    yield "/office/no-such-page/"


def everything(client: Client, waiting: list[str]) -> dict[str, str]:
    """Open each address and those it links to; read pages, workbooks, papers and pictures as text."""
    found: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        answer = client.get(address, follow=True)
        assert answer.status_code < 500, address
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined] # a stream has it
        found[address] = f"{dict(answer.items())}{said_in(content)}"
        if answer["Content-Type"].startswith("text/html"):
            links = {html.unescape(one) for one in re.findall(r'href="(/office/[^"#]*)"', found[address])}
            waiting += [one for one in links - found.keys() - set(waiting) if CONCERNING.search(one)]
    return found


def said_in(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(content))
        return f"{reader.metadata}" + "".join(page.extract_text() for page in reader.pages)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())
    return content.decode(errors="replace")


def holds(said: str, secret: tuple[str, ...]) -> list[str]:
    plain = re.sub(r"\s", "", said)
    return [one for one in secret if one in said or one in plain]


def test_nothing_that_a_unit_can_reach_says_who_reported_where_or_when(
    set_clock: Callable[[str], None], caplog: pytest.LogCaptureFixture, settings: Settings, tmp_path: Path
) -> None:
    """WY-R3, WY-R5: pages, refusals, papers, notices, messages, audit, events, jobs, log, backup."""
    caplog.set_level(logging.DEBUG)
    with at_work(MailServer()) as mail, at_work(Messenger()) as messenger:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.NOTICE_MAIL = "127.0.0.1", mail.port, True
        settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
        settings.NOTICE_WEBHOOK, settings.DEFAULT_FROM_EMAIL = messenger.address(), "sanliang@county.example"
        did = Proceeding(set_clock)
        set_clock("2026-03-06T15:00")
        assert outgoing.send_due(lambda *_: None)["failed"] == 0
        told = f"{[one.as_string() for one in mail.taken]}{messenger.taken}"
    assert mail.taken
    assert messenger.taken
    sealed = (*IDENTITY, did.firm, *HOURS, PLACE, did.plate.code, OFFICER, "监督评议牌")
    assert holds(told, sealed) == []
    client = Client(raise_request_exception=False)
    client.force_login(did.desk.officer)
    found = everything(client, list(addresses(did)))
    assert {one: wrong for one, said in found.items() if (wrong := holds(said, sealed))} == {}
    page = found[reverse("casework:own-assignment", args=[did.matter.assignments.earliest("pk").pk])]
    assert "三次到窗口被退。" in page
    assert any("督办单" in said for one, said in found.items() if one.endswith("paper.pdf"))
    rows = [AuditEntry.objects.all(), Job.objects.all(), Notice.objects.all(), MatterEvent.objects.all()]
    kept = "".join(f"{row}" for table in rows for row in table.values_list())
    about = AuditEntry.objects.filter(object_label__startswith="BB").values_list()
    assert holds(kept, IDENTITY) == []
    assert holds(f"{list(about)}", (PLACE, did.plate.code, did.firm)) == []
    assert holds(caplog.text, (*IDENTITY, PLACE, did.plate.code, did.firm)) == []
    backups.backup(file=tmp_path / "backup.zip", now=at("2026-03-06T15:00"))
    packed = said_in((tmp_path / "backup.zip").read_bytes())
    assert NAME not in packed
    assert holds(packed, IDENTITY) == []
    assert holds(packed, tuple(json.dumps(one).strip('"') for one in IDENTITY)) == []
