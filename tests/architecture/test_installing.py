"""Installing without containers: one source for the proxy's rules, units that may do little."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from config.environment import TRUE_WORDS

BASE: Path = settings.BASE_DIR
DEPLOY = BASE / "deploy"
SERVICES = sorted(DEPLOY.glob("systemd/sanliang-*.service"))
ORIGIN = "https://sanliang.example.gov.cn"


def debian_site() -> str:
    done = subprocess.run([DEPLOY / "debian-nginx", ORIGIN], check=True, capture_output=True, text=True)
    return done.stdout


def places(text: str) -> dict[str, list[str]]:
    """Each place of a proxy's file with its lines; where logs lie is no part of the rules."""
    text = re.sub(r"/dev/stdout|/var/log/sanliang/office\.log", "LOG", text)
    found = re.findall(r"^( *)location ([^\n]+) \{\n(.*?)\n\1\}", text, flags=re.DOTALL | re.MULTILINE)
    return {address: [line.strip() for line in body.splitlines()] for _, address, body in found}


def test_the_proxy_of_debian_has_the_rules_of_the_one_of_compose() -> None:
    """YC-R6, WY-R3, GY-R4: what is kept from the logs there is kept from them here, place by place."""
    compose, debian = places((DEPLOY / "nginx.conf").read_text()), places(debian_site())
    assert len(compose) > 10
    assert debian == compose


def test_the_proxy_of_debian_stands_beside_debians_own_main_file() -> None:
    """At the top of `http` is nothing that Debian's main file has there too; 1.22 knows no `http2 on`."""
    site = debian_site()
    top = re.findall(
        r"^(?!#)(\w+)", re.sub(r"^\w+ .*?\{.*?^\}", "", site, flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    assert set(top) <= {"log_format", "upstream"}
    assert "listen 443 ssl http2 default_server;" in site
    assert "http2 on" not in site
    assert "server 127.0.0.1:8000;" in site
    assert f"return 301 {ORIGIN}$request_uri;" in site
    assert "${" not in site
    for server in site.split("\nserver {")[1:]:
        for line in ("access_log off;", "gzip off;", "server_tokens off;"):
            assert line in server.partition("location ")[0], "Debian's main file says otherwise"


@pytest.mark.parametrize("wrong", ["http://a.example", "https://a.example/path", "https://a;return 200", ""])
def test_an_origin_that_is_none_writes_no_site(wrong: str) -> None:
    done = subprocess.run([DEPLOY / "debian-nginx", wrong], check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert done.stdout == ""


def test_faults_of_the_proxy_are_told_in_chinese() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    for code, place in (("413", "@too-large"), ("502", "@away"), ("504", "@slow")):
        assert f"error_page {code} {place};" in text
        said = places(text)[place]
        assert "error_log /dev/null crit;" in said, "the request may be a voter's"
        assert any(re.match(rf"return {code} '.*[一-鿿]", line) for line in said)


def unit(path: Path) -> configparser.ConfigParser:
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read(path)
    return found


def test_every_process_of_the_compose_file_has_a_unit() -> None:
    assert {path.stem for path in SERVICES} == {
        f"sanliang-{name}" for name in ("prepare", "web", "worker", "timed", "beat", "backup")
    }
    wanted = (DEPLOY / "systemd/sanliang.target").read_text()
    for path in SERVICES:
        described = unit(path)
        if described["Service"]["Type"] != "oneshot":
            assert path.name in wanted
            assert described["Service"]["Restart"] == "always"
            assert described["Unit"]["Requires"] == "sanliang-prepare.service"


def test_services_may_write_data_and_keys_and_nothing_else() -> None:
    """The drop-in of the prefix holds for each; only the backup adds where backups go."""
    common = unit(DEPLOY / "systemd/sanliang-.service.d/common.conf")["Service"]
    assert common["User"] == "sanliang"
    for name, value in (
        ("ProtectSystem", "strict"),
        ("PrivateTmp", "yes"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("LimitCORE", "0"),
        ("ReadWritePaths", "/var/lib/sanliang /var/lib/sanliang-keys"),
    ):
        assert common[name] == value
    for path in SERVICES:
        own = path.read_text()
        assert "User=" not in own
        assert ("ReadWritePaths" in own) is (path.stem == "sanliang-backup")


def test_celery_runs_the_same_queues_as_under_compose() -> None:
    compose = (BASE / "docker-compose.yml").read_text()
    for name, queue in (("worker", "jobs"), ("timed", "timed")):
        assert f"-Q {queue} " in (DEPLOY / f"systemd/sanliang-{name}.service").read_text()
        assert f"-Q {queue} " in compose


def test_the_database_file_sets_what_the_product_asks_for() -> None:
    from surveys.keys import database_settings  # noqa: PLC0415 - only here

    lines = dict(
        re.findall(r"^([\w.]+) = (\S+)", (DEPLOY / "postgresql.conf").read_text(), flags=re.MULTILINE)
    )
    for name, value in database_settings.RIGHT.items():
        if not name.startswith(("auto_explain", "pgaudit")):
            assert lines[name] == value, name
    assert lines["wal_recycle"] == "off"
    grants = (DEPLOY / "postgresql.sql").read_text()
    assert "GRANT pg_checkpoint TO sanliang;" in grants
    assert "GRANT EXECUTE ON FUNCTION pg_switch_wal(), pg_ls_waldir() TO sanliang;" in grants


def test_logs_are_kept_for_180_days_and_longer() -> None:
    rotated = (DEPLOY / "logrotate").read_text()
    assert int(re.findall(r"rotate (\d+)", rotated)[0]) >= 180
    assert "/var/log/sanliang/*.log" in rotated
    assert re.findall(r"MaxRetentionSec=(\d+)day", (DEPLOY / "journald.conf").read_text()) == ["200"]


def install(root: Path, *further: str) -> str:
    done = subprocess.run(
        [DEPLOY / "install", "--root", root, *further], check=False, capture_output=True, text=True
    )
    return done.stdout if done.returncode == 0 else done.stderr


def contents(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def test_a_second_run_of_the_installation_changes_nothing(tmp_path: Path) -> None:
    assert "首次安装请写明" in install(tmp_path)
    assert "网址须为" in install(tmp_path, "--county", "示范县", "--origin", "http://a.example")
    assert contents(tmp_path) == {}
    told = install(tmp_path, "--county", "示范县", "--origin", ORIGIN)
    assert "安装完成" in told
    before = contents(tmp_path)
    written = (tmp_path / "etc/sanliang/environment").read_text()
    assert "COUNTY_NAME='示范县'" in written
    assert "DEMO" not in written
    assert (tmp_path / "etc/sanliang/environment").stat().st_mode & 0o007 == 0
    assert (tmp_path / "etc/nginx/sites-available/sanliang").read_text() == debian_site()
    current = tmp_path / "opt/sanliang/current"
    assert (current / "manage.py").read_bytes() == (BASE / "manage.py").read_bytes()
    assert not (current / "tests").exists()

    (tmp_path / "etc/sanliang/environment").write_text(written.replace("SITE_ICP=''", "SITE_ICP='备案号'"))
    assert "没有变化" in install(tmp_path)
    after = contents(tmp_path)
    assert "SITE_ICP='备案号'" in after.pop("etc/sanliang/environment").decode(), "never written over"
    before.pop("etc/sanliang/environment")
    assert after == before


def test_settings_on_debian_are_known_and_harmless() -> None:
    """Each is explained in docs/operations.md, and none turns on what is for trying alone."""
    page = (BASE / "docs/operations.md").read_text()
    lines = re.findall(
        r"^([A-Z_]+)='(.*)'$", (DEPLOY / "environment.example").read_text(), flags=re.MULTILINE
    )
    named = dict(lines)
    assert [name for name in named if f"`{name}`" not in page] == []
    assert named["BEHIND_PROXY"] in TRUE_WORDS
    assert not {"DEMO", "DEBUG", "HALL_WITHOUT_HTTPS", "DATABASE_KEEPS_ORDER"} & set(named)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    install(tmp_path, "--county", "示范县", "--origin", ORIGIN)
    units = [path.name for path in DEPLOY.glob("systemd/*.*") if path.is_file()]
    done = subprocess.run(
        ["systemd-analyze", "verify", f"--root={tmp_path}", *units],
        check=False,
        capture_output=True,
        text=True,
    )
    # In a folder of files alone there are neither other units nor programs.
    expected = r"Unit \S+ not found|is not executable: No such file"
    assert [line for line in done.stderr.splitlines() if not re.search(expected, line)] == []
