"""Files outside the database: whole or not at all, behind three aliases, and never a key among them."""

from __future__ import annotations

import stat
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.uploadedfile import TemporaryUploadedFile

from config import environment, preparation
from office.errors import is_disk_full
from office.exports import typeset
from office.files import stored


@pytest.fixture
def roots(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT, settings.PUBLISHED_ROOT = tmp_path / "media", tmp_path / "published"
    settings.PRIVATE_ROOT = tmp_path / "private"
    return tmp_path


def test_a_name_stored_again_holds_the_new_content_alone(roots: Path) -> None:
    stored.put(stored.private(), "reports/one.xlsx", b"a longer first content")
    stored.put(stored.private(), "reports/one.xlsx", b"second")
    assert stored.take(stored.private(), "reports/one.xlsx") == b"second"
    assert [path.name for path in (roots / "private/reports").iterdir()] == ["one.xlsx"]


def test_readers_find_one_content_whole_while_it_is_replaced(roots: Path) -> None:
    contents = {letter * 400_000 for letter in (b"a", b"b")}
    stored.put(stored.published(), "1/page.html", b"a" * 400_000)
    done = threading.Event()

    def replace() -> None:
        for _ in range(30):
            for content in sorted(contents):
                stored.put(stored.published(), "1/page.html", content)
        done.set()

    writer = threading.Thread(target=replace)
    writer.start()
    seen = 0
    while not done.is_set() or not seen:
        assert stored.take(stored.published(), "1/page.html") in contents
        seen += 1
    writer.join()


def test_a_write_that_fails_leaves_the_former_content_and_nothing_half_made(roots: Path) -> None:
    stored.put(stored.private(), "imports/file", b"former")

    class Broken:
        name = "file"

        def chunks(self) -> Any:
            yield b"half"
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        stored.private().save("imports/file", Broken())  # type: ignore[arg-type]
    assert stored.take(stored.private(), "imports/file") == b"former"
    assert [path.name for path in (roots / "private/imports").iterdir()] == ["file"]


@pytest.mark.parametrize(("kind", "mode"), [("media", 0o600), ("private", 0o600), ("published", 0o644)])
def test_only_what_is_published_may_be_read_by_other_accounts(roots: Path, kind: str, mode: int) -> None:
    stored.put(getattr(stored, kind)(), "folder/file", b"content")
    assert stat.S_IMODE((roots / kind / "folder/file").stat().st_mode) == mode


def test_a_path_out_of_the_folder_is_refused(roots: Path) -> None:
    with pytest.raises(SuspiciousFileOperation):
        stored.put(stored.private(), "../keys/issuer", b"mine")
    assert not (roots / "keys").exists()


def test_files_that_waited_long_enough_go_and_younger_ones_stay(roots: Path) -> None:
    stored.put(stored.private(), "imports/one", b"1")
    stored.forget(stored.private(), "imports", older_than=timedelta(hours=1))
    assert list(stored.names(stored.private(), "imports")) == ["imports/one"]
    stored.forget(stored.private(), "imports", older_than=-timedelta(hours=1))
    assert not list(stored.names(stored.private(), "imports"))


def test_a_removed_folder_leaves_its_neighbours(roots: Path) -> None:
    for name in ("1/aa/index.html", "1/aa/deep/x.css", "1/bb/index.html", "10/aa/index.html"):
        stored.put(stored.published(), name, b"x")
    stored.remove_folder(stored.published(), "1/aa")
    assert list(stored.names(stored.published())) == ["1/bb/index.html", "10/aa/index.html"]
    assert not (roots / "published/1/aa").exists()


def test_an_older_installation_brings_its_files_along(settings: Any, roots: Path) -> None:
    settings.DATA_DIR = roots
    for name in ("bundles", "imports", "exports", "reports"):
        (roots / name).mkdir()
        (roots / name / "kept").write_bytes(name.encode())
    preparation.move_files()
    preparation.move_files()
    assert stored.take(stored.private(), "bundles/kept") == b"bundles"
    assert len(list(stored.names(stored.private()))) == 4
    assert not (roots / "bundles").exists()


def test_the_secret_key_of_an_older_installation_moves_to_the_keys_and_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    (tmp_path / "secret-key").write_text("made long ago\n")
    assert environment.secret_key(tmp_path / "keys", formerly=tmp_path) == "made long ago"
    assert environment.secret_key(tmp_path / "keys", formerly=tmp_path) == "made long ago"
    assert not (tmp_path / "secret-key").exists()
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_document_that_finds_no_room_says_so_from_its_own_process(tmp_path: Path) -> None:
    source = tmp_path / "page.html"
    source.write_text("<p>公示</p>")
    with pytest.raises(OSError, match="no room") as full:
        typeset.alone(source, Path("/dev/full"), told=lambda _: None)
    assert is_disk_full(full.value)
    many = {tmp_path / f"{number}.pdf": "<p>公示</p>" for number in range(8)}
    (tmp_path / "0.pdf").symlink_to("/dev/full")
    with pytest.raises(OSError, match="no room"):
        list(typeset.typeset(many, processes=2))


def test_a_large_upload_waits_where_the_night_clears_up() -> None:
    """Not in the system's folder, where names of persons would lie until the machine starts again (D17)."""
    work = Path(configured.DATA_DIR) / "work"
    with TemporaryUploadedFile("roster.xlsx", "application/octet-stream", 3 * 1024 * 1024, "utf-8") as upload:
        assert Path(upload.temporary_file_path()).parent == work
        assert work.stat().st_mode & 0o077 == 0
