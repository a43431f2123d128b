"""What officials do in a round of units: take counts over, settle them, publish the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Page, expect

from evaluations.models import Round
from evaluations.rounds.subject_keys import department_key
from evaluations.schemes.stored import policy_of
from evaluations.scoring import disagreements, score_facts
from tests.journeys.round_steps import end_appeals
from tests.kit.officials import act, choose, press, sign_in, sign_out
from tests.kit.worker import eventually, jobs_are_done

Counts = Mapping[str, Sequence[int]]
"""Name of a unit → what is typed in its row, column by column."""


PASTE = """(field, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def take_over_counts(page: Page, counts: Counts) -> None:
    """Counted by another body: a block from Excel, in the order of the list, with its source."""
    choose(page, "填报")
    page.wait_for_url("**/entries/*/")
    page.wait_for_load_state()  # deferred scripts have run
    page.get_by_label("来源", exact=True).fill("现场评议统计表")
    page.get_by_label("来源日期", exact=True).fill("2026-09-28")
    first = page.get_by_role("row").filter(has_text=next(iter(counts))).locator("input").first
    first.evaluate(PASTE, "\n".join("\t".join(map(str, row)) for row in counts.values()))
    press(page, "保存", then="已保存，待另一人确认")
    sign_out(page)


def confirm_and_settle(page: Page, title: str, label: str) -> None:
    """The reviewer confirms what the operator typed, and settles."""
    sign_in(page, "centre_reviewer")
    choose(page, "办理评价轮次", title, "查看和办理取数渠道")
    page.get_by_role("row").filter(has_text=label).get_by_role("link", name="查看").click()
    page.get_by_role("button", name="确认全部").click()
    expect(page.locator(".messagelist li").filter(has_text="已确认")).to_be_visible()
    choose(page, "取数渠道", "办结")
    press(page, "办结", then="已办结")
    sign_out(page)


def sign_off_and_serve(page: Page, title: str) -> None:
    """The leading group signs off what the operator computed; served on the units."""
    sign_in(page, "leading_group")
    choose(page, "办理评价轮次", title)
    act(page, "审定结果", "已审定")
    sign_out(page)
    sign_in(page, "centre_operator")
    choose(page, "办理评价轮次", title)
    choose(page, "送达结果")
    press(page, "送达结果", then="已送达，申诉期开始")


def publish(page: Page) -> None:
    end_appeals(page)
    act(page, "公布结果", "已提交公布")
    eventually(jobs_are_done)


def by_hand(round_: Round, facts: Mapping[str, Any]) -> list[str]:
    """Where the stored outcome differs from the engine's of facts written by hand, by name of the unit."""
    keys = dict(round_.departments.values_list("name", "department_id"))
    subjects = {department_key(keys[name]): {**one, "name": name} for name, one in facts.items()}
    given = {
        "scheme": round_.scheme_version.scheme_id,
        "period": round_.period,
        "options": dict(round_.options),
        "subjects": subjects,
    }
    return disagreements(round_.results.get().outcome, score_facts(policy_of(round_.scheme_version), given))
