"""The custodian's page as it is used: one saved file in a browser without any network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize, expect

from tests.kit.browser import PATIENCE, fits, page_of
from tests.kit.look import Look

OFFICE_PC = ViewportSize(width=1024, height=768)
PHONE = ViewportSize(width=375, height=812)


class CustodianPage:
    """The screens as two custodians go through them; `folder` is what they carry things on."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self.look = Look(page)
        self.passphrase = ""
        self.recovery: list[str] = []

    def choose(self, title: str) -> None:
        back = self.button("返回首页")
        if back.count():
            back.click()
        self.page.get_by_role("button", name=re.compile(rf"^.\s{title}")).click()
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_focused()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def take(self, name: str) -> Path:
        """Save a file; the button then says so."""
        with self.page.expect_download() as waiting:
            self.button(name).click()
        kept = self.folder / waiting.value.suggested_filename
        waiting.value.save_as(kept)
        return kept

    def looked(self, name: str) -> None:
        """Everything as narrow as a phone; on the office's PC whether it fits."""
        if not fits(self.page):
            self.look.faults.append(f"{name} runs over the side")
        self.page.set_viewport_size(PHONE)
        self.look.here(self.page, name)
        self.page.set_viewport_size(OFFICE_PC)

    def make_key(self) -> Path:
        """Both custodians; the public file."""
        page = self.page
        self.choose("生成计票密钥")
        self.button("生成密钥").click()
        self.passphrase = " ".join(page.locator(".secret span").all_inner_texts())
        assert "口令只能手抄，不能打印。" in self._printed(no=self.passphrase)
        self.button("返回首页").click()  # the browser asks, and its question is answered with no
        expect(page.locator(".secret")).to_be_visible()
        self.button("已抄好，下一步").click()
        page.get_by_label("照抄写的纸输入口令").fill(self.passphrase[:-1])
        page.keyboard.press("Enter")
        expect(page.get_by_text("与显示的口令不一致")).to_be_visible()
        page.get_by_label("照抄写的纸输入口令").fill(self.passphrase.lower().replace(" ", ""))
        self.button("核对").click()
        expect(page.get_by_role("heading", name="保存文件")).to_be_focused()
        key, public = self.take("保存密钥文件 tally-key.json"), self.take("保存公钥文件 tally-public.txt")
        page.get_by_label("选中刚才保存的").set_input_files(public)
        self.button("核对文件").click()
        expect(page.get_by_text("这不是刚才保存的密钥文件")).to_be_visible()
        page.get_by_label("选中刚才保存的").set_input_files(key)
        self.looked("保存")
        self.button("核对文件").click()
        expect(page.get_by_role("heading", name="打印恢复单")).to_be_focused()
        self.recovery = self._sheet()
        page.get_by_label("恢复单的四行恢复码清楚").check()
        self.button("完成").click()
        expect(page.get_by_text("密钥已经生成并保存")).to_be_visible()
        return public

    def _printed(self, *, no: str = "") -> str:
        """What comes out of the printer, with what its style puts before; no group of the secret `no` may."""
        page = self.page
        page.emulate_media(media="print")
        printed = page.locator("body").inner_text()
        assert not any(group in printed for group in no.split())
        before = (
            "Array.from(document.querySelectorAll('.secret'), e => getComputedStyle(e, '::before').content)"
        )
        printed += "".join(page.evaluate(before))
        page.emulate_media(media="null")
        return printed

    def _sheet(self) -> list[str]:
        """One A4 page and nothing else; on the screen only while it is copied from there."""
        sheet = self.page.locator("body > .sheet")
        expect(sheet).to_be_hidden()
        self.button("没有打印机，在屏幕上显示后抄写").click()
        expect(self.page.locator("main .sheet")).to_be_visible()
        self.button("抄好了，不再显示").click()
        expect(self.page.locator("main .sheet")).to_have_count(0)
        paper = self.page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type /Page\b", paper)) == 1
        printed = self._printed()
        assert printed.startswith("计票密钥恢复单（绝密")
        assert all(blank in printed for blank in ("评价轮次", "日期", "信封编号", "甲签名", "乙签名"))
        return [
            line.split("　")[1]
            for line in printed.splitlines()
            if line[:2] in {f"{n}　" for n in range(1, 5)}
        ]

    def answer(self, challenge: str) -> str:
        """What the custodian reads out."""
        page = self.page
        self.choose("开箱演练")
        page.get_by_label("演练口令", exact=True).fill(challenge)
        page.get_by_label("密钥文件 tally-key.json").set_input_files(self.folder / "tally-public.txt")
        page.get_by_label("口令", exact=True).fill(self.passphrase)
        self.button("解开演练口令").click()
        expect(page.get_by_text("无法读取密钥文件，请选取 tally-key.json 原件。")).to_be_visible()
        page.get_by_label("密钥文件 tally-key.json").set_input_files(self.folder / "tally-key.json")
        page.get_by_label("口令", exact=True).fill(self.passphrase)
        self.button("解开演练口令").click()
        expect(page.get_by_role("heading", name="先核对公钥识别码")).to_be_focused()
        expect(page.get_by_label("口令", exact=True)).to_have_value("")
        answer = " ".join(page.locator(".secret").last.locator("span").all_inner_texts())
        assert "演练答复只能手抄，不能打印。" in self._printed(no=answer)
        return answer

    def count(self, bundle: Path) -> bytes:
        """With the recovery sheet, as after a lost passphrase."""
        page = self.page
        self.choose("计票")
        page.get_by_label("计票包").set_input_files(bundle)
        self.button("核对计票包").click()
        expect(page.get_by_text("清单有票箱签名")).to_be_visible()
        self.button("下一步").click()
        page.get_by_label("恢复单（没有密钥文件或忘记口令）").check()
        for number, line in enumerate(self.recovery, start=1):
            page.get_by_label(f"第{number}行").fill(line)
        self.button("开始计票").click()
        expect(page.get_by_role("heading", name="查看和保存计票结果")).to_be_focused()
        self.looked("结果")
        return self.take("保存计票结果 counts.json").read_bytes()

    def verify(self, bundle: Path, **posted: str) -> str:
        """What is said of a bundle."""
        page = self.page
        self.choose("核验")
        page.get_by_label("计票包或核验包").set_input_files(bundle)
        for label, text in posted.items():
            page.get_by_label(label).fill(text)
        self.button("核验").click()
        expect(page.get_by_role("heading", name="核验结果")).to_be_focused()
        self.looked("核验")
        return page.locator("main").inner_text()


@contextmanager
def offline(chromium: Browser, file: Path) -> Iterator[CustodianPage]:
    """Open the saved file on a computer without a network; a breach of its own policy fails."""
    context = chromium.new_context(offline=True, locale="zh-CN", viewport=OFFICE_PC)
    context.set_default_timeout(PATIENCE)
    breaches: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            breaches.append(f"{page_of(message)}: {message.text}")

    context.on("console", listen)
    context.on("weberror", lambda fault: breaches.append(f"script error: {fault.error}"))
    page = context.new_page()
    page.goto(file.as_uri())
    expect(page.get_by_text("经检查，这个浏览器可以使用。")).to_be_visible()
    yield CustodianPage(page, file.parent)
    context.close()
    assert not breaches, "\n".join(breaches)
