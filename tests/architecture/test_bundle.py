"""The bundle for a county without registries: whole, checked before it installs, and no index is asked."""

import os
import platform
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.conf import settings

BASE: Path = settings.BASE_DIR
needs_time = pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="loads and installs all packages")


def run(*command: object, place: Path = BASE, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        cwd=place,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@needs_time
def test_a_bundle_installs_without_an_index(tmp_path: Path) -> None:
    python = platform.python_version()
    made = run("bin/bundle", tmp_path, PYTHONS=python)
    assert made.returncode == 0, made.stderr
    (archive,) = tmp_path.glob("sanliang-*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    place = archive.with_name(archive.name.removesuffix(".tar.gz"))
    assert not (place / "tests").exists()
    assert (place / "packages.txt").read_text() == (BASE / "deploy/packages.txt").read_text()
    assert run("sha256sum", "--check", "--quiet", "SHA256SUMS", place=place).returncode == 0

    assert run(sys.executable, "-m", "venv", tmp_path / "venv").returncode == 0
    installed = run(
        tmp_path / "venv/bin/pip",
        *("install", "-q", "--no-index", "--find-links", place / "wheels", "--require-hashes"),
        *("-r", place / "requirements/run.txt"),
        PIP_INDEX_URL="http://127.0.0.1:9/",
        PIP_EXTRA_INDEX_URL="",
        PIP_CONFIG_FILE=os.devnull,
    )
    assert installed.returncode == 0, installed.stderr
    prepared = run(
        *(tmp_path / "venv/bin/python", "-m", "config.preparation"),
        place=place,
        DATA_DIR=str(tmp_path / "data"),
        DATABASE_URL="",
        REDIS_URL="",
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    assert prepared.returncode == 0, prepared.stderr
    root = tmp_path / "root"
    words = ("--county", "示范县", "--origin", "https://a.example", "--root", root)
    assert "安装完成" in run("./install", *words, place=place).stdout
    assert not list(root.rglob("*.whl")), "wheels are needed once"

    (place / "manage.py").write_text("print('another')\n")
    refused = run("./install", *words, place=place)
    assert refused.returncode == 1
    assert "没有安装" in refused.stderr
