"""Files in object storage: a real S3 server, then none, a full one and one that lies; never a key in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from config import object_storage
from office import backups
from office.errors import is_disk_full, is_folder_away
from office.files import stored
from office.jobs import services as jobs
from office.models import Job
from surveys.box import bundles
from tests.disclosure.states import ready
from tests.evaluations.county import County, fresh
from tests.kit.files import own_folders
from tests.kit.object_storage import ALIASES, Server, answering, free_port, url
from tests.kit.publishing import publish


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


def use(settings: Any, address: str) -> None:
    kept = {alias: object_storage.storage(address, alias) for alias in ALIASES}
    settings.STORAGES = {**settings.STORAGES, **kept, "default": kept["media"]}


@pytest.fixture
def bucket(server: Server, settings: Any, tmp_path: Path) -> Server:
    own_folders(settings, tmp_path)
    server.empty()
    use(settings, server.url)
    return server


def test_a_file_is_stored_replaced_read_listed_and_forgotten(bucket: Server) -> None:
    private = stored.private()
    stored.put(private, "reports/one.xlsx", b"a longer first content")
    stored.put(private, "reports/one.xlsx", b"second")
    stored.put(private, "reports/deep/两个.xlsx", b"x" * 3_000_000)
    assert stored.take(private, "reports/one.xlsx") == b"second"
    assert list(stored.names(private, "reports")) == ["reports/one.xlsx", "reports/deep/两个.xlsx"]
    assert list(stored.names(private, "nothing")) == []
    assert min(bucket.keys()).startswith("三亮/private/reports/")
    assert not stored.media().exists("reports/one.xlsx"), "kinds are apart"
    stored.forget(private, "reports", older_than=timedelta(hours=1))
    assert private.exists("reports/one.xlsx")
    stored.forget(private, "reports", older_than=timedelta(hours=-1), begins="one")
    assert not private.exists("reports/one.xlsx")
    stored.remove_folder(private, "reports")
    assert bucket.keys() == []
    for ask in (private.open, private.get_modified_time, private.size):
        with pytest.raises(FileNotFoundError):
            ask("reports/one.xlsx")
    with pytest.raises(SuspiciousOperation):
        stored.put(private, "../keys/secret-key", b"x")


def test_a_copy_for_readers_that_jump_about_follows_what_is_stored(bucket: Server, settings: Any) -> None:
    private = stored.private()
    stored.put(private, "bundles/s.zip", b"first")
    path = stored.local_path(private, "bundles/s.zip")
    assert path.read_bytes() == b"first"
    assert stored.local_path(private, "bundles/s.zip") == path, "fetched once"
    stored.put(private, "bundles/s.zip", b"other")
    assert stored.local_path(private, "bundles/s.zip").read_bytes() == b"other"
    assert not stored.local_path(private, "bundles/none.zip").exists()
    assert path.stat().st_mode & 0o077 == 0
    stored.forget_unfinished(older_than=timedelta(seconds=-1))
    assert list((settings.DATA_DIR / "fetched").iterdir()) == []
    assert stored.local_path(private, "bundles/s.zip").read_bytes() == b"other"


def a_county(settings: Any) -> County:
    settings.PUBLIC_ORIGIN = "https://county.example"
    return ready("all")


def carried_over(bucket: Server, settings: Any) -> None:
    """From here on files are in the bucket; those that lie in folders are brought along."""
    before = {alias: (storage := storages[alias], list(stored.names(storage))) for alias in ALIASES}
    use(settings, bucket.url)
    for alias, (storage, names) in before.items():
        for name in names:
            stored.put(storages[alias], name, stored.take(storage, name))
    for root in (settings.MEDIA_ROOT, settings.PUBLISHED_ROOT, settings.PRIVATE_ROOT):
        shutil.rmtree(root, ignore_errors=True)


@pytest.mark.django_db(transaction=True)
def test_a_round_is_published_from_the_storage_and_no_key_is_in_it(
    server: Server, settings: Any, tmp_path: Path
) -> None:
    """YC-R3, YC-R6: pages, PDFs and bundles are there; a backup has them all."""
    own_folders(settings, tmp_path)
    server.empty()
    county = a_county(settings)
    carried_over(server, settings)
    publication = publish(county.round, county)
    page = Client().get(f"/results/{publication.pk}/index.html")
    assert page.status_code == 200
    assert county.departments[1].name in page.content.decode()
    survey = fresh(county.round).survey
    assert survey
    assert bundles.read(survey).size
    there = server.keys()
    assert any(key.startswith(f"三亮/published/{publication.directory}/") for key in there)
    assert f"三亮/private/{bundles.name_of(survey)}" in there
    for folder in ("media", "published", "private"):
        assert not [path for path in (tmp_path / folder).rglob("*") if path.is_file()]
    keys = [path.read_bytes() for path in (tmp_path / "keys").rglob("*") if path.is_file()]
    assert keys
    assert not [key for key in there if any(one in server.content(key) for one in keys)]
    backups.backup(file=tmp_path / "backup.zip", now=timezone.now())
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        names = set(archive.namelist())
    published = [key.removeprefix("三亮/") for key in there if key.startswith("三亮/published/")]
    assert names > set(published)
    assert any(name.startswith("bundles/") for name in names)


def test_every_field_for_files_follows_the_address(server: Server, tmp_path: Path) -> None:
    """In a process of its own, as a host starts; keys stay in their folder."""
    told = (
        "from django.apps import apps; from django.db.models import FileField; "
        "from django.conf import settings; "
        "fields = [one for model in apps.get_models() for one in model._meta.get_fields()]; "
        "kinds = {type(one.storage).__name__ for one in fields if isinstance(one, FileField)}; "
        "print(kinds, settings.KEYS_DIR)"
    )
    variables = {**os.environ, "STORAGE_URL": server.url, "DATA_DIR": str(tmp_path)}
    asked = [sys.executable, "manage.py", "shell", "-v0", "-c", told]
    said = subprocess.run(asked, env=variables, capture_output=True, text=True, check=True).stdout
    assert said.strip() == f"{{'Bucket'}} {tmp_path / 'keys'}"


@pytest.mark.django_db
def test_a_storage_that_is_away_is_said_and_waited_for(server: Server, settings: Any, tmp_path: Path) -> None:
    """Pages answer in words, a job is queued again, and with the storage all is as before."""
    own_folders(settings, tmp_path)
    server.empty()
    county = a_county(settings)
    carried_over(server, settings)
    publication = publish(county.round, county)
    address = f"/results/{publication.pk}/index.html"
    client = Client(raise_request_exception=False)
    use(settings, url(free_port()))
    answer = client.get(address)
    assert answer.status_code == 503
    assert "文件存储暂时无法读写" in answer.content.decode()
    job = jobs.enqueue("publication.render", {"publication": publication.pk}, acting_user=None)
    jobs.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == Job.State.QUEUED
    use(settings, server.url)
    assert client.get(address).status_code == 200


def test_a_full_storage_is_a_full_disk_and_a_lying_one_is_found(settings: Any, tmp_path: Path) -> None:
    own_folders(settings, tmp_path)
    for status, code in ((507, "InsufficientStorage"), (403, "QuotaExceeded")):
        with answering(status, code) as address:
            use(settings, address)
            with pytest.raises(OSError, match="full") as full:
                stored.put(stored.private(), "imports/1", b"x" * 100)
            assert is_disk_full(full.value)
    with answering(403, "AccessDenied") as address:
        use(settings, address)
        with pytest.raises(OSError, match="AccessDenied") as refused:
            stored.take(stored.private(), "imports/1")
        assert is_folder_away(refused.value)
    with answering(200, says=3, gives=b"abc") as address:  # keeps three bytes of hundred
        use(settings, address)
        with pytest.raises(OSError, match="kept 3 of 100"):
            stored.put(stored.private(), "imports/1", b"x" * 100)
    with answering(200, says=30, gives=b"abc") as address:  # says thirty and gives three
        use(settings, address)
        with pytest.raises(OSError) as short:
            stored.take(stored.private(), "imports/1")
        assert is_folder_away(short.value)


@pytest.mark.parametrize(
    "wrong",
    [
        "https://k:s@host/b",
        "s3://host/b",
        "s3://k:s@host",
        "s3://k:s@host/",
        "s3://k@host/b",
        "s3://k:s@host/b?a=1",
    ],
)
def test_an_address_that_is_not_whole_is_refused_in_words(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="STORAGE_URL"):
        object_storage.storage(wrong, "media")


def test_an_address_says_host_bucket_folder_and_region() -> None:
    options = object_storage.storage("s3://k:a%2Fb@store.example:9000/b/c?region=cn-1", "media")["OPTIONS"]
    assert options == {
        "access_key": "k",
        "secret_key": "a/b",
        "endpoint_url": "https://store.example:9000",
        "region_name": "cn-1",
        "bucket_name": "b",
        "location": "c/media",
    }
