"""Photos of many people as one zip: previewed, drawn anew, with the basis recorded (YC-R1)."""

from __future__ import annotations

import errno
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from departments.models import Department, DepartmentAlias, Section, StaffMember
from departments.photos import archive as photo_archive
from office.errors import Refused
from office.files.atomic import AtomicFolder
from office.models import AuditEntry, User
from office.roles import Role
from tests.kit.files import picture
from tests.kit.people import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/office/import/photos/"
BASIS = "本人同意书 2026-11-01"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def people() -> dict[str, StaffMember]:
    found = {}
    for unit_name, names in (("县发展和改革局", ("张甲", "李乙")), ("县教育局", ("王丙",))):
        unit = Department.objects.create(name=unit_name)
        section = Section.objects.create(department=unit, name="办公室")
        for name in names:
            found[name] = StaffMember.objects.create(
                department=unit, section=section, name=name, kind="staff"
            )
    return found


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def send(client: Client, content: bytes, basis: str = BASIS) -> Any:
    file = SimpleUploadedFile("照片.zip", content)
    return client.post(PAGE, {"file": file, "option": basis})


def photos_of(people: dict[str, StaffMember]) -> dict[str, str]:
    return {name: StaffMember.objects.get(pk=person.pk).photo.name for name, person in people.items()}


@pytest.mark.both_databases
def test_photos_are_matched_by_file_name_and_re_encoded(people: dict[str, StaffMember], folder: Path) -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    DepartmentAlias.objects.create(department=people["王丙"].department, name="教体局")
    content = archive(
        {
            "照片/县发改局_张甲.jpg": picture(),
            "教体局_王丙.JPG": picture(color="blue"),
            "__MACOSX/._县发改局_张甲.jpg": b"x",
            "县教育局_查无此人.jpg": picture(),
            "县教育局_王丙.png": picture(),
            "县发展和改革局_李乙.jpg": b"no picture",
            "说明.txt": b"x",
        }
    )
    preview = send(client, content).context["preview"]
    assert preview["rows"] == [("照片", [2, 0, 0, 4])]
    assert not any(photos_of(people).values())
    done = client.post(PAGE, {"digest": preview["digest"]}, follow=True)
    assert "照片已导入 2 张，略过 4 个文件。" in done.content.decode()
    person = StaffMember.objects.get(name="张甲")
    assert (person.photo_basis, person.has_public_photo) == (BASIS, True)
    stored = (folder / person.photo.name).read_bytes()
    assert stored.startswith(b"\xff\xd8")
    assert b"secret place" not in stored
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 2
    assert AuditEntry.objects.get(verb="导入照片").after["照片公开依据"] == BASIS


@pytest.mark.both_databases
def test_photos_onto_a_full_disk_change_nothing_and_say_why(
    people: dict[str, StaffMember], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(Role.CENTRE_OPERATOR, raise_request_exception=False)
    content = archive({"县教育局_王丙.jpg": picture(), "县发展和改革局_李乙.jpg": picture()})
    preview = send(client, content).context["preview"]

    def no_room(path: Path, content: object) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(AtomicFolder, "_write", staticmethod(no_room))
    answer = client.post(PAGE, {"digest": preview["digest"]}, follow=True)
    assert "磁盘空间不足" in answer.content.decode()
    assert not any(photos_of(people).values())
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_replaced_photo_is_removed(
    people: dict[str, StaffMember], folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    for color in ("red", "blue"):
        preview = send(client, archive({"县教育局_王丙.jpg": picture(color=color)})).context["preview"]
        with django_capture_on_commit_callbacks(execute=True):
            client.post(PAGE, {"digest": preview["digest"]})
    assert [path.name for path in folder.rglob("*.jpg")] == [Path(photos_of(people)["王丙"]).name]


def test_importing_exported_photos_changes_nothing(people: dict[str, StaffMember], folder: Path) -> None:
    """Namesakes are told apart by their sections."""
    client, unit = signed_in(Role.CENTRE_OPERATOR), people["王丙"].department
    other = Section.objects.create(department=unit, name="执法科")
    StaffMember.objects.create(department=unit, section=other, name="王丙", kind="staff")
    names = ("县教育局_办公室_王丙.jpg", "县教育局_执法科_王丙.jpg", "县发展和改革局_张甲.jpg")
    colors = ("red", "blue", "green")
    content = archive({name: picture(color=color) for name, color in zip(names, colors, strict=True)})
    client.post(PAGE, {"digest": send(client, content).context["preview"]["digest"]})
    StaffMember.objects.create(
        department=unit, section=other, name="赵丁", kind="staff", photo="photos/lost.jpg", photo_basis="x"
    )
    stored = {path: path.read_bytes() for path in folder.rglob("*.jpg")}
    assert len(stored) == 3

    taken = client.get(f"/office/export/photos/?department__id__exact={unit.pk}").getvalue()
    with zipfile.ZipFile(io.BytesIO(taken)) as files:
        assert sorted(files.namelist()) == sorted(names[:2])
    told = AuditEntry.objects.filter(verb="导出").latest("pk").after
    assert (told["列表"], told["张数"], "县教育局" in told["筛选"]) == ("照片", 2, True)
    preview = send(client, taken, basis="另一份依据").context["preview"]
    assert (preview["rows"], preview["writes"]) == ([("照片", [0, 0, 2, 0])], False)
    client.post(PAGE, {"digest": preview["digest"]})
    assert {path: path.read_bytes() for path in folder.rglob("*.jpg")} == stored
    assert not StaffMember.objects.filter(photo_basis="另一份依据").exists()


def test_an_export_without_any_photo_is_refused(people: dict[str, StaffMember]) -> None:
    answer = signed_in(Role.CENTRE_OPERATOR).get("/office/export/photos/", follow=True)
    assert "所列人员都没有照片" in answer.content.decode()


def test_a_person_who_leaves_during_the_import_stops_it(people: dict[str, StaffMember], folder: Path) -> None:
    user = User.objects.create_user("centre", role=Role.CENTRE_OPERATOR)
    content = archive({"县教育局_王丙.jpg": picture()})
    plan = photo_archive.preview_photos(content=content, basis=BASIS, acting_user=user)

    def step(done: int, total: int, message: str = "") -> None:
        if message == "正在写入":
            StaffMember.objects.filter(name="王丙").update(left_on=date(2026, 11, 1))

    with pytest.raises(Refused, match="请重新预览"):
        photo_archive.import_photos(
            content=content,
            file_name="x",
            basis=BASIS,
            expected_digest=plan.digest(),
            acting_user=user,
            progress=step,
        )
    assert not list(folder.rglob("*.jpg"))


@pytest.mark.parametrize("dot", "·•・．∙‧")
def test_a_photo_finds_its_person_whatever_dot_its_name_has(
    people: dict[str, StaffMember], folder: Path, dot: str
) -> None:
    StaffMember.objects.filter(pk=people["王丙"].pk).update(name="阿依古丽·买买提")
    content = archive({f"县教育局_阿依古丽{dot}买买提.jpg": picture()})
    preview = send(signed_in(Role.CENTRE_OPERATOR), content).context["preview"]
    assert preview["rows"] == [("照片", [1, 0, 0, 0])]


def test_file_names_in_gbk_are_read(people: dict[str, StaffMember]) -> None:
    """Chinese Windows writes GBK and does not say so: the same bytes, without the mark for UTF-8."""
    stand_in = "x" * len("县教育局_王丙.jpg".encode("gbk"))
    content = archive({stand_in: picture()}).replace(stand_in.encode(), "县教育局_王丙.jpg".encode("gbk"))
    preview = send(signed_in(Role.CENTRE_OPERATOR), content).context["preview"]
    assert preview["rows"] == [("照片", [1, 0, 0, 0])]


def test_department_people_reach_their_own_people_only(people: dict[str, StaffMember]) -> None:
    client = signed_in(Role.DEPARTMENT_OFFICER, people["张甲"].department)
    content = archive({"县教育局_王丙.jpg": picture(), "县发展和改革局_张甲.jpg": picture()})
    preview = send(client, content).context["preview"]
    assert preview["rows"] == [("照片", [1, 0, 0, 1])]
    client.post(PAGE, {"digest": preview["digest"]})
    assert {name for name, photo in photos_of(people).items() if photo} == {"张甲"}
    assert signed_in(Role.INSPECTORATE).get(PAGE).status_code == 403


def test_photos_without_a_basis_are_refused(people: dict[str, StaffMember]) -> None:
    response = send(signed_in(Role.CENTRE_OPERATOR), archive({"县教育局_王丙.jpg": picture()}), basis=" ")
    assert response.status_code == 422
    assert "请填写照片公开依据" in response.content.decode()


@pytest.mark.parametrize("path", ["../县教育局_王丙.jpg", "/etc/县教育局_王丙.jpg", "C:\\县教育局_王丙.jpg"])
def test_paths_that_leave_the_archive_are_left_out(people: dict[str, StaffMember], path: str) -> None:
    preview = send(signed_in(Role.CENTRE_OPERATOR), archive({path: picture()})).context["preview"]
    assert preview["rows"] == [("照片", [0, 0, 0, 1])]
    assert "路径不合规" in str(preview["faults"][0])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no archive", "这不是 ZIP 压缩包"),
        (archive({"a_b.jpg": b""})[:-10], "这不是 ZIP 压缩包"),
        (archive({}), "没有 JPG 或 PNG 照片"),
    ],
    ids=["text", "cut off", "empty"],
)
def test_other_files_are_refused(content: bytes, said: str) -> None:
    response = send(signed_in(Role.CENTRE_OPERATOR), content)
    assert response.status_code == 422
    assert said in response.content.decode()


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    bomb = archive({f"县甲局_{n}.jpg": bytes(50_000_000) for n in range(5)})
    assert len(bomb) < 1_000_000
    response = send(signed_in(Role.CENTRE_OPERATOR), bomb)
    assert response.status_code == 422
    assert "展开后过大" in response.content.decode()


def test_a_photo_that_is_too_large_is_left_out(people: dict[str, StaffMember]) -> None:
    content = archive({"县教育局_王丙.jpg": picture() + bytes(6_000_000)})
    preview = send(signed_in(Role.CENTRE_OPERATOR), content).context["preview"]
    assert "超过 5 MB" in str(preview["faults"][0])


@pytest.mark.both_databases
def test_a_change_since_the_preview_stops_the_import(people: dict[str, StaffMember], folder: Path) -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    preview = send(client, archive({"县教育局_王丙.jpg": picture()})).context["preview"]
    people["王丙"].delete()
    response = client.post(PAGE, {"digest": preview["digest"]})
    assert response.status_code == 422
    assert "请重新预览后再导入" in response.content.decode()
    assert not list(folder.rglob("*.jpg"))
    assert photo_archive.LARGEST < 60 * 1024 * 1024  # what the front server lets through
