"""What every test may use: pages in a real browser, a live server, a real worker."""

import gc
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db.models.signals import pre_save
from pytest_django.fixtures import Settings

from office.models import AuditEntry

pytest_plugins = ["tests.kit.browser", "tests.kit.worker"]

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database", action="store_true", help="only tests that touch the database (for a second one)"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that touches no database has nothing to say about another one."""
    if not config.getoption("--only-database"):
        return
    chosen, left_out = [], []
    for item in items:
        marked = item.get_closest_marker("django_db") or item.get_closest_marker("on_postgresql")
        uses = marked or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        (chosen if uses else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = chosen


def pytest_collection_finish() -> None:
    """What is loaded now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


def said_in_chinese(instance: AuditEntry, **_: Any) -> None:
    """The audit is read by the inspectorate: what is named in it is named in Chinese."""
    for name in (instance.verb, instance.object_type, *instance.before, *instance.after):
        assert re.search("[\u4e00-\u9fff]", name), f"the audit says {name}"


@pytest.fixture(autouse=True, scope="session")
def audit_in_chinese() -> None:
    """No test writes anything else into the audit."""
    pre_save.connect(said_in_chinese, sender=AuditEntry)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Hashing passwords slowly is for guessers."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_requests_counted() -> None:
    """All tests ask from one address."""
    cache.clear()


@pytest.fixture(autouse=True)
def clean_files() -> Iterator[None]:
    """Each test starts without uploaded photos, published pages or messages in the file broker."""
    yield
    for folder in (settings.MEDIA_ROOT, settings.PUBLISHED_ROOT):
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
