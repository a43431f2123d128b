"""What every test may use: pages in a real browser, a live server, a real worker."""

import gc
import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db.models.signals import pre_save
from django.test import override_settings

from office.exports import typeset
from office.models import AuditEntry

# Every change is seen at once; tests of what is kept set these themselves.
settings.READY_SECONDS = settings.READY_HOME_SECONDS = 0.0

pytest_plugins = ["tests.kit.browser", "tests.kit.ready_database", "tests.kit.worker", "tests.halves"]

# Few examples in an ordinary run, many in a long one.
for profile, examples in {"ordinary": 25, "long": 250}.items():
    hypothesis.settings.register_profile(
        profile,
        max_examples=examples,
        deadline=None,
        suppress_health_check=[
            hypothesis.HealthCheck.too_slow,
            hypothesis.HealthCheck.function_scoped_fixture,
        ],
    )
hypothesis.settings.load_profile("long" if os.environ.get("LONG_TESTS") else "ordinary")


def pytest_collection_finish() -> None:
    """What is loaded now stays: the collector need not look through it again and again, nor so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)  # many objects of a test live as long as the test


def said_in_chinese(instance: AuditEntry, **_: Any) -> None:
    """The audit is read by the inspectorate: what is named in it is named in Chinese."""
    for name in (instance.verb, instance.object_type, *instance.before, *instance.after):
        assert re.search("[\u4e00-\u9fff]", name), f"the audit says {name}"


@pytest.fixture(autouse=True, scope="session")
def audit_in_chinese() -> None:
    """No test writes anything else into the audit."""
    pre_save.connect(said_in_chinese, sender=AuditEntry)


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """Hashing passwords slowly is for guessers."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True, scope="session")
def forget_papers() -> Iterator[Callable[[], None]]:
    """Typeset a text once: many tests print what others printed. Called, it lets all be typeset anew."""
    kept = lru_cache(maxsize=200)(typeset.pdf)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typeset, "pdf", kept)
        yield kept.cache_clear


@pytest.fixture(autouse=True)
def no_requests_counted() -> None:
    """All tests ask from one address."""
    cache.clear()


@pytest.fixture(autouse=True)
def clean_files() -> Iterator[None]:
    """Each test starts without photos, published pages and private files of another."""
    folders = [settings.MEDIA_ROOT, settings.PUBLISHED_ROOT, settings.PRIVATE_ROOT]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    yield
    for folder in folders:
        if folder.exists() and any(folder.iterdir()):  # most tests leave nothing
            shutil.rmtree(folder, ignore_errors=True)
