"""Lists and forms of the office on a phone: buttons below the heading, rows of text instead of a table."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from departments.models import Section, StaffMember
from tests.evaluations.county import County
from tests.kit.browser import follow
from tests.kit.look import TOO_WIDE, Look
from tests.kit.officials import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]

COVERED = """() => {
  const box = each => each.getBoundingClientRect();
  const over = [...document.querySelectorAll(".object-tools a")].map(box).filter(each => each.width);
  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  return [...document.querySelectorAll("#content h1, #content h2, #content label")]
    .filter(head => box(head).width && over.some(button => !apart(box(head), button)))
    .map(head => head.textContent.trim());
}"""
SAID = "cells => cells.map(each => [getComputedStyle(each, '::before').content, each.innerText])"
CUT_OFF = """() => [...document.querySelectorAll(".form-row input, .form-row select, .form-row textarea")]
  .map(each => [each, each.closest(".form-row")].map(one => one.getBoundingClientRect().right))
  .filter(([field, row]) => field > row + 0.5)"""


def test_a_department_works_on_a_phone(county: County, phone: Page) -> None:
    person = StaffMember.objects.get(name="甲科员一")
    section = Section.objects.get(department=person.department, is_leadership=False)
    people, sections = "/office/departments/staffmember/", "/office/departments/section/"
    sign_in(phone, "department_officer")
    look = Look(phone)
    for path in (
        *(people, f"{people}{person.pk}/change/", f"{people}add/"),
        *(sections, f"{sections}{section.pk}/change/", "/office/import/own-roster/", "/office/"),
    ):
        phone.goto(path)
        look.here(phone, path)
        assert phone.evaluate(COVERED) == [], path
        assert phone.evaluate(CUT_OFF) == [], path
        assert phone.evaluate(TOO_WIDE) == 0, path
    assert look.faults == []
    phone.goto(people)
    row = phone.locator("#result_list tbody tr").filter(has_text="甲科员一")
    said = row.locator("td").evaluate_all(SAID)
    assert ["none", "工作人员"] in said, "words need no heading"
    assert ['"参加评价："', "是"] in said
    expect(row.locator(".field-left_on")).to_be_hidden()
    assert row.evaluate("row => row.getBoundingClientRect().height") < 110, "a row is two lines"
    follow(row.get_by_role("link", name="甲科员一"))
    expect(phone.get_by_role("heading", name="修改工作人员")).to_be_visible()
