"""Backup and restore, on whichever database the tests run: everything comes back, no vote goes out."""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from departments.models import Department, Town
from evaluations.models import Round
from office import audit, backups
from office.auditing import chain as audit_chain
from office.files import stored
from office.models import AuditEntry, Session, User
from office.roles import Role
from surveys.models import Ballot, Slip, SlipBatch, Stratum, Survey
from tests.kit.people import PASSWORD, person, sign_in
from tests.office.samples import FIXED_TIME, sample, sample_or_none

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def vote(state: str, mark: bytes) -> Survey:
    """A survey in some state with a redeemed slip and a ballot whose content is `mark`."""
    survey = sample(Survey, state=state, public_id=f"s-{state}")
    assert isinstance(survey, Survey)
    stratum = sample(Stratum, survey=survey, key_id=state[:4])
    batch = sample(SlipBatch, survey=survey, stratum=stratum, town=sample(Town), size=5)
    sample(Slip, batch=batch, code_hash=mark[:16].ljust(32, b"h"))
    sample(Ballot, stratum=stratum, sealed=mark)
    return survey


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A county with something of everything; returns where the backup goes."""
    user = person(Role.CENTRE_OPERATOR, "worker")
    for room in ("departments", "evaluations", "disclosure"):
        for model in apps.get_app_config(room).get_models():
            sample_or_none(model)
    (settings.MEDIA_ROOT / "photos").mkdir(exist_ok=True)
    (settings.MEDIA_ROOT / "photos" / "照片.jpg").write_bytes(b"\xff\xd8photo")
    (settings.PUBLISHED_ROOT / "index.html").write_text("公布")
    (settings.PRIVATE_ROOT / "bundles").mkdir(exist_ok=True)
    (settings.PRIVATE_ROOT / "bundles" / "s-closed.zip").write_bytes(b"bundle")
    (settings.KEYS_DIR).mkdir(exist_ok=True)
    (settings.KEYS_DIR / "issuer").write_bytes(b"the-issuer-key")
    with transaction.atomic():
        audit.record("修改", user, acting_user=user, before={"姓名": "甲"}, after={"姓名": "乙"})
    audit_chain.seal(now=FIXED_TIME)
    return tmp_path / "backup.zip"


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that a backup keeps, to the microsecond."""

    def plain(value: Any) -> Any:
        return bytes(value) if isinstance(value, memoryview) else value

    return {
        model._meta.label: [
            {name: plain(value) for name, value in row.items()}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in backups.tables()
    }


def backup(file: Path) -> None:
    call_command("backup", file, stdout=StringIO())


def restore(file: Path, **options: Any) -> str:
    out = StringIO()
    call_command("restore", file, stdout=out, **options)
    return out.getvalue()


def test_a_restore_brings_back_everything_and_removes_the_rest(county: Path) -> None:
    vote("closed", b"ballot-of-a-closed-vote")
    before = everything()
    backup(county)
    Department.objects.update(peer_group="改过的")
    sample(Department)
    (settings.MEDIA_ROOT / "photos" / "照片.jpg").write_bytes(b"changed")
    (settings.MEDIA_ROOT / "later.jpg").write_bytes(b"later")
    (settings.PUBLISHED_ROOT / "index.html").unlink()
    (settings.PRIVATE_ROOT / "bundles" / "s-closed.zip").unlink()

    restore(county, replace=True)

    after = everything()
    assert after.pop("office.AuditEntry")[:-1] == before.pop("office.AuditEntry")
    assert after == before
    assert AuditEntry.objects.first().verb == "恢复备份"  # type: ignore[union-attr]
    assert (settings.MEDIA_ROOT / "photos" / "照片.jpg").read_bytes() == b"\xff\xd8photo"
    assert not (settings.MEDIA_ROOT / "later.jpg").exists()
    assert (settings.PUBLISHED_ROOT / "index.html").read_text() == "公布"
    assert (settings.PRIVATE_ROOT / "bundles" / "s-closed.zip").read_bytes() == b"bundle"
    assert Ballot.objects.count() == 1
    assert audit_chain.verify().fault == ""


if connection.vendor == "postgresql":

    def test_a_county_moves_from_postgresql_to_sqlite_and_back(county: Path, tmp_path: Path) -> None:
        """Every kind of value passes through both; the migrations of both yield the same tables."""
        vote("closed", b"ballot-of-a-closed-vote")
        before = everything()
        backup(county)
        again = tmp_path / "again.zip"
        script = (
            "import django, sys; django.setup(); from django.core.management import call_command as call;"
            "call('migrate', verbosity=0); call('restore', sys.argv[1]); call('backup', sys.argv[2])"
        )
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {"DATA_DIR": str(tmp_path / "sqlite"), "DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run(
            [sys.executable, "-c", script, county, again], check=True, env=environment, capture_output=True
        )
        restore(again, replace=True)
        after = everything()
        assert after.pop("office.AuditEntry")[:-2] == before.pop("office.AuditEntry")
        assert after == before
        assert audit_chain.verify().fault == ""


def test_new_rows_can_be_stored_after_a_restore(county: Path) -> None:
    backup(county)
    old_session = sign_in("worker")
    restore(county, replace=True)
    assert old_session.get("/office/").status_code == 302, "sessions of before are over"
    assert sign_in("worker", PASSWORD).get("/office/").status_code == 200
    made = sample(Department)
    assert made.pk > 1
    assert Department.objects.filter(pk=made.pk).exists()


def test_a_fresh_machine_restores_without_replace(county: Path) -> None:
    backup(county)
    call_command("flush", interactive=False, verbosity=0)
    call_command("seed_calendar", stdout=StringIO())  # as the first start does
    restore(county)
    assert User.objects.filter(username="worker").exists()


def test_a_backup_holds_no_key_no_session_and_no_running_vote(county: Path) -> None:
    """YC-R6: two backups made during a vote would tell who voted in between."""
    sign_in("worker")
    key = Session.objects.get().session_key
    for state in ("frozen", "open", "closed"):
        vote(state, f"ballot-in-{state}".encode())
    backup(county)
    with zipfile.ZipFile(county) as archive:
        content = b"\n".join(archive.read(name) for name in archive.namelist())
        names = archive.namelist()
    for secret in (b"the-issuer-key", settings.SECRET_KEY.encode(), key.encode()):
        assert secret not in content
        assert base64.b64encode(secret) not in content
    assert base64.b64encode(b"ballot-in-closed") in content
    assert base64.b64encode(b"ballot-in-open") not in content
    assert base64.b64encode(b"ballot-in-frozen") not in content
    assert base64.b64encode(b"ballot-in-open".ljust(32, b"h")) not in content
    assert not any("key" in name.lower() for name in names)
    assert county.stat().st_mode & 0o077 == 0, "for its owner only"


def test_a_running_vote_is_void_after_a_restore(county: Path) -> None:
    """Its issuing keys are gone, and people could vote twice."""
    voting = sample(Round, survey=vote("open", b"ballot"), state=Round.State.OPEN)
    counted = sample(Round, survey=vote("counted", b"other"), state=Round.State.CLOSED)
    backup(county)
    told = restore(county, replace=True)
    voting.refresh_from_db()
    counted.refresh_from_db()
    assert (voting.state, voting.survey_id) == (Round.State.FROZEN, None)  # type: ignore[attr-defined]
    assert counted.survey_id is not None  # type: ignore[attr-defined]
    assert list(Survey.objects.values_list("state", flat=True)).count("open") == 0
    assert "原凭条不能再用" in told
    assert "退回" in told
    assert AuditEntry.objects.filter(verb="恢复备份后作废评价表").count() == 1


# --- Refusals: all or nothing ------------------------------------------------------------------------


def refused(file: Path, **options: Any) -> str:
    before = everything()
    with pytest.raises(CommandError) as caught:
        restore(file, **options)
    assert everything() == before
    return str(caught.value)


def test_restore_refuses_to_replace_data_unasked(county: Path) -> None:
    backup(county)
    assert "--replace" in refused(county)


def test_a_backup_does_not_overwrite_an_older_one(county: Path) -> None:
    backup(county)
    with pytest.raises(CommandError, match="已存在"):
        backup(county)


def test_a_backup_into_no_folder_or_onto_a_full_disk_ends_in_a_sentence(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match="没有文件夹"):
        backup(county.parent / "nowhere" / "backup.zip")
    monkeypatch.setattr(backups, "_write", _no_room)
    with pytest.raises(CommandError, match="磁盘空间不足"):
        backup(county)
    assert list(county.parent.glob("backup.zip*")) == []


def _no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_backup_while_something_is_published_holds_files_that_fit_its_rows(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is replaced between the listing and the reading: everything is taken anew."""
    old, new = settings.PUBLISHED_ROOT / "1" / "old.html", settings.PUBLISHED_ROOT / "1" / "new.html"
    old.parent.mkdir()
    old.write_text("old")
    take = stored.take

    def replaced_meanwhile(storage: Any, name: str) -> bytes:
        if old.exists():
            old.unlink()
            new.write_text("new")
        return take(storage, name)

    monkeypatch.setattr(stored, "take", replaced_meanwhile)
    backup(county)
    with zipfile.ZipFile(county) as archive:
        assert [name for name in archive.namelist() if name.startswith("published/1/")] == [
            "published/1/new.html"
        ]


def rewritten(file: Path, change: Any) -> Path:
    """The same backup with changed members."""
    other = file.with_name("other.zip")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(other, "w") as target:
        members = {name: source.read(name) for name in source.namelist()}
        change(members)
        for name, content in members.items():
            target.writestr(name, content)
    return other


def test_a_changed_or_cut_backup_is_refused(county: Path) -> None:
    backup(county)

    def forge(members: dict[str, bytes]) -> None:
        members["data/office.User.jsonl"] = members["data/office.User.jsonl"].replace(b"worker", b"boss12")

    def lose(members: dict[str, bytes]) -> None:
        del members["data/office.AuditEntry.jsonl"]

    def smuggle(members: dict[str, bytes]) -> None:
        members["media/../../secret-key"] = b"mine"

    for change in (forge, lose, smuggle):
        assert "不完整或已被改动" in refused(rewritten(county, change), replace=True)
    cut = county.with_name("cut.zip")
    cut.write_bytes(county.read_bytes()[:-200])
    assert "打不开" in refused(cut, replace=True)
    assert "打不开" in refused(county.with_name("none.zip"), replace=True)


def test_a_path_that_leads_out_is_refused_even_when_listed(county: Path) -> None:
    backup(county)

    def smuggle(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        members["media/../../stolen"] = b"x"
        manifest["digests"]["media/../../stolen"] = hashlib.sha256(b"x").hexdigest()
        members["manifest.json"] = json.dumps(manifest).encode()

    assert "不完整或已被改动" in refused(rewritten(county, smuggle), replace=True)


def test_a_backup_of_another_version_is_refused(county: Path) -> None:
    backup(county)

    def age(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        manifest["schema"].pop()
        members["manifest.json"] = json.dumps(manifest).encode()

    assert "版本不一致" in refused(rewritten(county, age), replace=True)
