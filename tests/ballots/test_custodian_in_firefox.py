"""The custodian's page in Firefox ESR, with `LONG_TESTS=1` where one is installed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.conf import settings

from surveys.ballots import keyfile
from surveys.ballots.bundle import Bundle
from tests.kit.election import Election
from tests.kit.firefox import Firefox, firefox, program
from tests.kit.worker import eventually

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


def make_a_key_and_count(election: Election, bundle: Bundle, counts_text: str, tmp_path: Path) -> None:
    """The command line opens the key that Firefox made, and would have counted the same."""
    with firefox(tmp_path) as browser:
        browser.open((settings.BASE_DIR / "surveys/box/custodian.html").as_uri())
        browser.wait_for("经检查，这个浏览器可以使用")
        key, passphrase = made(browser, tmp_path)
        counts = counted(browser, election, bundle, tmp_path)
    assert len(keyfile.unlock(json.loads(key.read_text()), passphrase)) == keyfile.KEY_LENGTH
    by_command = json.loads(counts_text)
    for part in ("bundle", "ballots", "spoiled", "strata", "touched"):
        assert counts[part] == by_command[part]


def made(browser: Firefox, folder: Path) -> tuple[Path, str]:
    """A key and its passphrase."""
    browser.click("一")
    browser.click("生成密钥")
    browser.wait_for("第1步")
    passphrase = str(browser.run("return document.querySelector('.secret').textContent"))
    browser.click("已抄好")
    browser.fill("照抄写", passphrase)
    browser.click("核对")
    browser.wait_for("第3步")
    browser.click("保存密钥文件")
    key = folder / "tally-key.json"
    eventually(lambda: key.exists() and key.stat().st_size > 0)
    browser.click("保存公钥文件")
    browser.fill("选中刚才", str(key))
    browser.click("核对文件")
    browser.wait_for("第4步")
    browser.check("恢复单的四行")
    browser.click("完成")
    browser.wait_for("密钥已经生成并保存")
    browser.click("返回首页")
    return key, passphrase


def counted(browser: Firefox, election: Election, bundle: Bundle, folder: Path) -> dict[str, object]:
    """The counts of a bundle, by the recovery sheet."""
    browser.click("三")
    browser.fill("计票包", str(bundle.path))
    browser.click("核对计票包")
    browser.wait_for("计票包摘要")
    browser.click("下一步")
    browser.check("恢复单（")
    for number, line in enumerate(keyfile.recovery_lines(election.private), start=1):
        browser.fill(f"第{number}行", line)
    browser.click("开始计票")
    browser.wait_for("查看和保存计票结果")
    browser.click("保存计票结果")
    saved = folder / "counts.json"
    eventually(lambda: saved.exists() and saved.stat().st_size > 0)
    found: dict[str, object] = json.loads(saved.read_text())
    return found


if os.environ.get("LONG_TESTS") and program():
    test_firefox_makes_a_key_and_counts = make_a_key_and_count
