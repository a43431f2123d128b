"""Clerks at the keying screen: with the keyboard alone, or as the screen itself asks the server."""

from __future__ import annotations

import io
import re

import pypdf
from playwright.sync_api import Page, expect


def type_and(page: Page, text: str, key: str = "Enter") -> None:
    page.keyboard.type(text)
    page.keyboard.press(key)


def said(page: Page, words: str) -> None:
    expect(page.locator("#said")).to_contain_text(words)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def key_by_hand(page: Page, number: str, code: str, marks: str) -> None:
    """Number, code, one key for each person, Enter."""
    page.locator("#number:focus").wait_for()
    type_and(page, number)
    said(page, "请核对表号")
    type_and(page, code)
    page.locator("#marks:focus").wait_for()
    type_and(page, marks)
    said(page, f"编号{number}已保存")


def key_by_post(page: Page, number: str, code: str, marks: str) -> None:
    """What the open keying screen sends, without the keys."""
    form = page.locator("#keying")
    address = form.get_attribute("data-save")
    assert address
    sheet = {"number": number, "code": code, "kind": "valid", "marks": marks, "matter": "", "suggestion": ""}
    token = form.locator("[name=csrfmiddlewaretoken]").input_value()
    saved = page.request.post(address, data=sheet, headers={"X-CSRFToken": token})
    assert saved.ok, saved.text()


def numbers_on(pdf: bytes) -> list[str]:
    """Read the labels that are stuck on the sheets; they are printed in two groups of four."""
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return ["".join(pair) for pair in re.findall(r"(\d{4})\s(\d{4})", text)]


def codes_on(pdf: bytes) -> list[str]:
    """Read the code (表号) of every sheet of a packet."""
    texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    return [found[1] for text in texts if (found := re.search(r"表号\s*(\d+)", text))]
