"""What is answered where a page cannot be: in the frame it belongs to, with the true reason and a way on."""

from __future__ import annotations

import errno
import re
import stat
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from config import environment, preparation
from departments.models import Department, Section, StaffMember
from office.files import stored
from office.files.atomic import AtomicFolder
from office.roles import Role
from tests.kit.people import PASSWORD, person, sign_in, signed_in

pytestmark = pytest.mark.django_db
BASE: Path = settings.BASE_DIR


def token_of(page: Any) -> str:
    found = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("address", "status"), [("/office/office/user/", 403), ("/office/no-such-page/", 404)]
)
def test_a_refusal_inside_the_office_keeps_its_frame_and_a_way_back(address: str, status: int) -> None:
    answer = signed_in(Role.PAPER_CLERK).get(address)
    page = answer.content.decode()
    assert answer.status_code == status
    assert "返回我的工作" in page
    assert "退出" in page
    assert "亮身份" not in page, "the public site is another one"


def test_the_public_keeps_its_own_page_of_what_is_not_there(client: Client) -> None:
    assert "亮身份" in client.get("/no-such-page").content.decode()


def test_an_address_nobody_named_is_told_as_that(client: Client) -> None:
    client = Client(enforce_csrf_checks=True)
    token = token_of(client.get("/office/login/"))
    form = {"username": "x", "password": "x", "csrfmiddlewaretoken": token}
    foreign = client.post("/office/login/", form, headers={"origin": "http://a.example:8443"})
    assert foreign.status_code == 403
    assert "不能从这个网址提交" in foreign.content.decode()
    assert settings.PUBLIC_ORIGIN in foreign.content.decode()
    assert "页面停留时间过长" in client.post("/office/login/", {}).content.decode()


def test_every_allowed_name_signs_in_whatever_its_port(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["a.example"]
    person(Role.CENTRE_OPERATOR, "worker")
    client = Client(enforce_csrf_checks=True, headers={"host": "a.example:8443"})
    token = token_of(client.get("/office/login/"))
    form = {"username": "worker", "password": PASSWORD, "csrfmiddlewaretoken": token, "next": "/office/"}
    answer = client.post("/office/login/", form, headers={"origin": "http://a.example:8443"})
    assert (answer.status_code, answer["Location"]) == (302, "/office/")


def test_names_of_hosts_may_come_as_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "ALLOWED_HOSTS", "a.example, b.example:8443,https://c.example:8443/,[::1]:80,.d.example"
    )
    assert environment.host_names("ALLOWED_HOSTS") == [
        "a.example",
        "b.example",
        "c.example",
        "[::1]",
        ".d.example",
    ]


def test_the_proxy_hands_on_the_port_and_leads_nowhere_else() -> None:
    text = (BASE / "deploy/nginx.conf").read_text()
    assert "proxy_set_header Host $host;" not in text
    assert re.findall(r"return 301 (\S+);", text) == ["${PUBLIC_ORIGIN}$request_uri"]


@pytest.mark.parametrize(
    "template",
    [path for path in (BASE / "templates").rglob("*.html") if "site/icon.svg" in path.read_text()],
    ids=lambda path: path.name,
)
def test_every_frame_asks_for_the_modern_engine(template: Path) -> None:
    """Browsers with two engines, such as 360, choose the old one for addresses of the government."""
    assert '{% include "engine.html" %}' in template.read_text()


@pytest.mark.parametrize("address", ["/", "/office/login/", "/office/"])
def test_an_old_engine_is_told(address: str) -> None:
    page = signed_in(Role.CENTRE_OPERATOR).get(address, follow=True).content.decode()
    assert '<meta name="renderer" content="webkit">' in page
    assert "请在地址栏右侧切换到“极速模式”" in page


def test_an_open_form_learns_of_a_new_sign_in(client: Client) -> None:
    """The token of the page is void then; the script of the page asks for the present one."""
    assert client.get("/office/account/token/").status_code == 302
    user = person(Role.CENTRE_OPERATOR, "worker")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    now = browser.get("/office/account/token/").json()
    assert (now["ready"], now["first"]) == (True, "")
    form = {"csrfmiddlewaretoken": now["token"]}
    assert browser.post("/office/account/sessions/end/", form).status_code == 302
    user.must_change_password = True
    user.save()
    waits = browser.get("/office/account/token/").json()
    assert (waits["ready"], waits["first"]) == (False, "/office/account/password/")
    assert 'session.js" data-token="/office/account/token/"' in re.sub(
        r"session\.\w+\.js", "session.js", sign_in("worker").get("/office/account/password/").content.decode()
    )


@pytest.mark.parametrize("full", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch, full: int) -> None:
    def no_room(*_: object) -> None:
        raise OSError(full, "No space left on device")

    client = signed_in(Role.CENTRE_OPERATOR, raise_request_exception=False)
    monkeypatch.setattr(stored, "put", no_room)
    with (BASE / "tests/data/market-entities.xlsx").open("rb") as upload:
        answer = client.post("/office/import/entities/", {"file": upload})
    assert answer.status_code == 503
    assert "服务器磁盘空间不足" in answer.content.decode()


@pytest.mark.parametrize("away", [errno.ESTALE, errno.EIO])
def test_a_shared_folder_with_stale_handles_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, away: int
) -> None:
    """What a host sees of a folder whose file server was started again, when it writes and when it reads."""

    def stale(*_: object, **__: object) -> None:
        raise OSError(away, "Stale file handle")

    client = signed_in(Role.CENTRE_OPERATOR, raise_request_exception=False)
    unit = Department.objects.create(name="县甲局")
    someone = StaffMember.objects.create(
        department=unit,
        section=Section.objects.create(department=unit, name="办公室"),
        name="张甲",
        kind="staff",
        photo="photos/a.jpg",
        photo_basis="x",
    )
    monkeypatch.setattr(AtomicFolder, "_write", stale)
    monkeypatch.setattr(AtomicFolder, "_open", stale)
    with (BASE / "tests/data/market-entities.xlsx").open("rb") as upload:
        written = client.post("/office/import/entities/", {"file": upload})
    read = client.get(f"/office/photos/{someone.pk}.jpg")
    for answer in (written, read):
        assert answer.status_code == 503
        assert "文件存储暂时无法读写" in answer.content.decode()
        assert "系统故障" not in answer.content.decode()


@pytest.mark.both_databases
@pytest.mark.parametrize("query", ["kind__exact=%00", "q=%00", "state__exact=a%00"])
def test_a_nul_in_a_query_is_no_fault(query: str) -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    for address in ("/office/departments/department/", "/office/office/job/", "/search/"):
        assert client.get(f"{address}?{query}").status_code == 400


def test_the_folder_of_data_and_the_database_are_for_their_owner(tmp_path: Path, settings: Any) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    settings.DATA_DIR = folder
    settings.DATABASES = {
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "sanliang.sqlite3"}
    }
    preparation.keep_to_owner()
    rights = [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "sanliang.sqlite3")]
    assert rights == [0o700, 0o600]


@pytest.mark.both_databases
@pytest.mark.parametrize("address", ["/office/login/", "/office/account/verify/", "/office/office/job/"])
def test_a_nul_in_a_form_is_no_fault(client: Client, address: str) -> None:
    form = {"username": "a\x00", "password": "\x00", "action": "retry\x00", "_selected_action": "\x00"}
    for browser in (client, signed_in(Role.ADMINISTRATOR)):
        assert browser.post(address, form).status_code < 500
        sent = urlencode(form)
        assert browser.post(address, sent, "application/x-www-form-urlencoded").status_code < 500
