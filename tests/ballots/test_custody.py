"""The custodian's package: complete in itself, and worked through one Chinese window."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from surveys.ballots import keyfile
from surveys.ballots.bundle import Bundle
from tests.kit.election import PASSPHRASE, Election

BASE = Path(__file__).parents[2]


def make(path: Path) -> str:
    command = [sys.executable, str(BASE / "bin/custody"), str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is unpacked on a computer that has nothing else of the product."""
    folder = tmp_path_factory.mktemp("custody")
    make(folder / "package.zip")
    with zipfile.ZipFile(folder / "package.zip") as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def window(package: Path, *typed: str) -> str:
    """What the window says to these lines, one after the other."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONUTF8": "1"}
    ran = subprocess.run(
        [sys.executable, "-m", "surveys.ballots.custody"],
        cwd=package,
        env=env,
        input="".join(f"{line}\n" for line in typed),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


def test_the_package_is_the_same_whoever_makes_it_and_needs_nothing_of_the_server(
    package: Path, tmp_path: Path
) -> None:
    assert make(tmp_path / "again.zip").split("　")[1] == make(tmp_path / "third.zip").split("　")[1]
    names = {path.name for path in package.iterdir()}
    assert {
        "1-安装.bat",
        "2-开始.bat",
        "使用说明.txt",
        "requirements.txt",
        "surveys",
        "evaluations",
        "office",
    } == names
    code = "import sys, surveys.ballots.custody as c; assert 'django' not in sys.modules; print(c.__file__)"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=package, capture_output=True, text=True, check=True
    )
    assert str(package) in ran.stdout
    locked = (package / "requirements.txt").read_text()
    libraries = set(re.findall(r"^([\w-]+)==", locked, re.MULTILINE))
    assert {"pynacl", "cryptography", "gmpy2", "numpy", "pydantic"} <= libraries
    assert "--hash=sha256:" in locked
    assert "django" not in locked.lower()


def test_a_key_is_made_and_rehearsed_by_answering_questions(package: Path) -> None:
    said = window(package, "9", "1", "", "0")
    assert "没有这个序号" in said
    passphrase = re.search(r"口令　(.+?)（只显示这一次", said)
    assert passphrase
    private = keyfile.unlock(json.loads((package / "密钥/tally-key.json").read_text()), passphrase[1])
    assert "恢复码" in (package / "密钥/恢复单.txt").read_text()
    challenge, answer = keyfile.make_challenge(keyfile.public_key(private))
    said = window(package, "2", challenge, '"密钥/tally-key.json"', passphrase[1], "0")
    assert f"演练答复　{keyfile.answer_challenge(challenge, private)}" in said
    assert answer
    again = window(package, "1", "", "0")
    assert "已经存在，没有覆盖" in again
    assert "没有办理成功" in again


def test_a_box_is_counted_and_checked_by_dragging_files(
    package: Path, election: Election, whole: Bundle, tmp_path: Path
) -> None:
    bundle = election.write(tmp_path / "计票包 一.zip").path
    key = election.key_file(tmp_path / "tally-key.json")
    missing = str(tmp_path / "no.zip")
    said = window(package, "3", missing, f'"{bundle}"', "y", str(key), "", PASSPHRASE, "0")
    assert "没有这个文件" in said
    assert "办理完毕" in said, said
    assert json.loads((tmp_path / "counts.json").read_text())["ballots"] == 28
    said = window(package, "4", str(whole.path), "", "", "", "y", str(key), PASSPHRASE, "0")
    assert "没有发现问题；另有" in said
    said = window(package, "3", str(bundle), "y", str(key), "", "0")
    assert "没有覆盖" in said, "said before the passphrase is asked for and the ballots are opened"
