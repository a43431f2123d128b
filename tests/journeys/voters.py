"""Voters: one with a finger on the page, others with a phone that asks the server as the page does."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import pypdf
from playwright.sync_api import APIRequestContext, Page, expect

from surveys.voting.simulated_phone import Answers, Phone
from tests.kit.officials import choose

KEY = re.compile(r"票种\s*([2-9A-Z]{4})")
CODE = re.compile(r"^\s*((?:[2-9A-Z]{4}\s){3}[2-9A-Z]{4})\s*$", re.MULTILINE)
MARK = re.compile(r"校验码\s*((?:[2-9A-Z]{2,4}\s?){7})")


@dataclass(frozen=True)
class PaperSlip:
    """What somebody reads on a slip of paper."""

    key: str
    code: str
    fingerprint: str

    @property
    def fragment(self) -> str:
        """What its QR code says after the address of the page."""
        return f"#1.{self.key}.{self.code}.{self.fingerprint}"


def slips_on(pdf: bytes) -> list[PaperSlip]:
    """Read every slip of a printed batch."""
    found = []
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        text = page.extract_text()
        mark = MARK.search(text)
        assert mark, text
        fingerprint = "".join(mark[1].split())
        keys, codes = KEY.findall(text), CODE.findall(text)
        assert len(keys) == len(codes), text
        found += [
            PaperSlip(key, "".join(code.split()), fingerprint) for key, code in zip(keys, codes, strict=True)
        ]
    return found


def printed(page: Page) -> list[PaperSlip]:
    """Print the first batch and read what is on its slips."""
    choose(page, "印制凭条")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="印制并下载").first.click()
    return slips_on(waiting.value.path().read_bytes())


def form_of(request: APIRequestContext, key: str) -> dict[str, Any]:
    """Return the public form behind a slip."""
    return dict(request.get(f"/v/form/{key}.json").json())


def vote(request: APIRequestContext, form: dict[str, Any], slip: PaperSlip, answers: Answers) -> None:
    """Exchange the slip and cast one ballot: subject → question → word."""
    phone = Phone(form["public"], slip.key, slip.code)
    exchanged = request.post(form["redeem_url"], data=phone.redeem())
    assert exchanged.ok, exchanged.text()
    phone.take(exchanged.json())
    cast = request.post(form["cast_url"], data=phone.cast(answers))
    assert cast.ok, cast.text()


class Finger:
    """A voter's finger on the page; counts its taps."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def button(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).tap()
        self.taps += 1

    def department(self, name: str) -> None:
        self.page.get_by_text(name, exact=True).tap()
        self.taps += 1

    def answer(self, person: str, word: str) -> None:
        row = self.page.locator("fieldset.v-question").filter(has_text=person)
        row.get_by_text(word, exact=True).tap()
        self.taps += 1


def one_votes(page: Page, slip: PaperSlip, department: str, answers: dict[str, str]) -> str:
    """On the page, about the persons of one department; returns the receipt that the voter writes down."""
    page.goto(f"/v/{slip.fragment}")
    finger = Finger(page)
    finger.button("开始评价")
    finger.department(department)
    finger.button("下一步")
    for person, word in answers.items():
        finger.answer(person, word)
    finger.button("核对评价")
    finger.button("提交评价")
    expect(page.get_by_role("heading", name="评价已提交")).to_be_visible()
    return re.sub(r"\s", "", page.locator(".v-code").inner_text())


def look_up(page: Page, public_id: str, tracker: str, *, ballots: int) -> None:
    """On the public board, without a slip: the phone fetches the whole list and names no receipt."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/b/{public_id}/")
    page.get_by_label("回执码（前16位即可）").fill(tracker[:16])
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_text(f"已找到：这张选票在票箱中。名单共{ballots}张选票。")).to_be_visible()
    page.get_by_label("回执码（前16位即可）").fill("0" * 16)
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_text("名单中没有这个回执码")).to_be_visible()
    assert not [url for url in asked if tracker[:8].lower() in url.lower()]
