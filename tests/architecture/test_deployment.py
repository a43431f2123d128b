"""Around the program: locked requirements, compose file, a proxy that keeps no log of voters."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config.logs import RATER_PATHS, REPORTER_PATHS

BASE: Path = settings.BASE_DIR
LOCKS = sorted(BASE.glob("requirements/*.txt"))


def test_every_lock_is_there() -> None:
    assert [path.stem for path in LOCKS] == sorted(path.stem for path in BASE.glob("requirements/*.in"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_locks_fix_contents_and_name_no_index(lock: Path) -> None:
    """Hashes fix what is installed; an index address would strand whoever uses another mirror."""
    text = lock.read_text()
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text)
    requirements = re.findall(r"^[a-z0-9][^\n]*(?:\n    --hash[^\n]*)*", text, flags=re.MULTILINE)
    assert requirements
    assert [entry for entry in requirements if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_node_packages_name_no_registry() -> None:
    for lock in BASE.glob("frontend/package-lock.json"):
        assert '"resolved"' not in lock.read_text()


def test_the_compose_file_starts_what_the_house_needs() -> None:
    compose = yaml.safe_load((BASE / "docker-compose.yml").read_text())
    services = compose["services"]
    second = {name for name, service in services.items() if service.get("profiles") == ["two-hosts"]}
    assert second == {"web2", "worker2", "timed2", "beat2"}
    assert {name.removesuffix("2") for name in second} < services.keys() - second
    others = {"prepare", "web", "worker", "timed", "beat", "database", "broker", "nginx"}
    assert services.keys() - second == others
    kept = [service["logging"]["options"] for service in services.values()]
    assert all(options["max-size"] and options["max-file"] for options in kept)


def test_the_proxy_finds_every_host_anew_and_leaves_out_who_is_away() -> None:
    """The second web host answers to the name of the first; an address that has changed is asked again."""
    services = yaml.safe_load((BASE / "docker-compose.yml").read_text())["services"]
    assert services["web2"]["networks"]["default"]["aliases"] == ["web"]
    assert services["web2"]["volumes"] == services["web"]["volumes"]
    text = (BASE / "deploy/nginx.conf").read_text()
    assert re.search(r"resolver 127\.0\.0\.11 valid=\d+s", text)
    assert re.search(r"zone web \w+;\s+server web:8000 resolve max_fails=\d fail_timeout=\d+s;", text)
    assert "proxy_next_upstream error timeout;" in text  # never non_idempotent: a vote is sent to one host


def test_the_proxy_writes_nothing_about_voters() -> None:
    """YC-R6: on /v/ and /b/ neither access nor errors are logged, and no address or cookie is handed on."""
    text = (BASE / "deploy/nginx.conf").read_text()
    place = re.search(r"location ~ \^/\(v\|b\)\(/\|\$\) \{(.*?)\n        \}", text, flags=re.DOTALL)
    assert place is not None
    for line in (
        "access_log off;",
        "error_log /dev/null crit;",
        'proxy_set_header X-Real-IP "";',
        'proxy_set_header Cookie "";',
        *(
            f'proxy_set_header {name} "";'
            for name in ("X-Forwarded-For", "Forwarded", "Accept-Language", "X-Requested-With")
        ),
    ):
        assert line in place[1]
    assert not re.search(r"(X-Forwarded-For|Forwarded) [^\"]", text)


@pytest.mark.parametrize("address", ["/static/ballot/", r"~ ^/(favicon\.ico|apple-touch-icon.*\.png)$"])
def test_the_proxy_writes_nothing_about_what_phones_load_beside_the_ballot(address: str) -> None:
    """Only voters load these scripts, and phones ask for icons: each line would say when somebody voted."""
    text = (BASE / "deploy/nginx.conf").read_text()
    place = text.partition(f"location {address} {{")[2].partition("\n        }")[0]
    assert "access_log off;" in place
    assert "error_log /dev/null crit;" in place


@pytest.mark.parametrize("path", [*REPORTER_PATHS, *RATER_PATHS, "/static/reporting/", "/static/rating/"])
def test_the_proxy_writes_nothing_about_who_reports_or_rates(path: str) -> None:
    """WY-R3, GY-R4: on each path of theirs neither access nor errors are logged, and no cookie goes on."""
    text = (BASE / "deploy/nginx.conf").read_text()
    places = re.findall(r"location ~ (\S+) \{(.*?)\n        \}", text, flags=re.DOTALL)
    place = next(body for pattern, body in places if re.search(pattern, path))
    for line in ("access_log off;", "error_log /dev/null crit;", 'proxy_set_header Cookie "";'):
        assert line in place
    if not path.startswith("/static/"):  # limits are counted by it, in memory
        assert "proxy_set_header X-Real-IP $remote_addr;" in place


def test_where_a_limit_holds_the_proxy_hands_on_the_address() -> None:
    """Without it the whole county would share one count of searches, and one visitor shut out all."""
    text = (BASE / "deploy/nginx.conf").read_text()
    places = re.findall(r"location (/\S*) \{(.*?)\n        \}", text, flags=re.DOTALL)
    for _, path, _ in settings.RATE_LIMITS:
        _, place = max((start, body) for start, body in places if path.startswith(start))
        assert "proxy_set_header X-Real-IP $remote_addr;" in place, path


def test_the_chinese_operations_page_says_what_the_english_one_says() -> None:
    """Section by section the same rows, variables, commands and steps."""
    english, chinese = (
        re.split(r"^## ", (BASE / "docs" / name).read_text(), flags=re.MULTILINE)[1:]
        for name in ("operations.md", "operations.zh.md")
    )
    assert len(english) == len(chinese)
    for ours, theirs in zip(english, chinese, strict=True):
        for pattern in (r"^\|", r"^\d\. ", r"^- "):
            told = [len(re.findall(pattern, text, flags=re.MULTILINE)) for text in (ours, theirs)]
            assert told[0] == told[1], (theirs.partition("\n")[0], pattern)
        named = [set(re.findall(r"[A-Z]+_[A-Z_]+|manage\.py \w+|make run", text)) for text in (ours, theirs)]
        assert named[0] == named[1], theirs.partition("\n")[0]


def test_the_compose_file_hands_on_every_variable_of_the_operations_page() -> None:
    """A line in .env that reaches no container would be believed and do nothing."""
    page = (BASE / "docs/operations.md").read_text().partition("## Environment")[2].partition("\n## ")[0]
    named = {
        name
        for row in re.findall(r"^\|(.+?)\|", page, flags=re.MULTILINE)
        for name in re.findall(r"`([A-Z_]+)`", row)
    }
    text = (BASE / "docker-compose.yml").read_text()
    image = (BASE / "Dockerfile").read_text()
    # For one machine without containers, for development, or for who mounts secrets as files.
    files = {name for name in named if name.endswith("_FILE")}
    elsewhere = files | {"DEMO", "DEBUG", "PORT", "HALL_WITHOUT_HTTPS"}
    assert {name for name in named - elsewhere if name not in text and f"{name}=" not in image} == set()


@pytest.mark.parametrize("kept_out", [".gitignore", ".dockerignore"])
def test_what_is_secret_gets_into_no_image_and_no_commit(kept_out: str) -> None:
    """Where docs/operations.md has it lie: the passwords, the key of the certificate, data, backups."""
    lines = {line.strip().rstrip("/") for line in (BASE / kept_out).read_text().splitlines()}
    assert lines >= {".env", "deploy/certificates", "var", "backup-*.zip"}


def test_the_web_server_writes_no_access_log() -> None:
    """YC-R6: an access log would say who voted when."""
    from config import gunicorn  # noqa: PLC0415 - only this test needs the web server

    assert gunicorn.accesslog is None
