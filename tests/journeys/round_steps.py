"""The steps of a round that several people take one after the other."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Page, expect

from office.roles import Role
from tests.kit.officials import act, choose, press, sign_in, sign_out
from tests.kit.people import person


def compute_and_sign_off(page: Page, title: str, shown: Mapping[str, tuple[str, ...]]) -> None:
    """Whoever computed does not sign off (reading 10); `shown`: department → what stands beside it."""
    sign_out(page)
    sign_in(page, "centre_reviewer")
    choose(page, "办理评价轮次", title)
    act(page, "计算结果", "已计算")
    act(page, "审定结果", "计算人不能审定自己计算的结果，未作任何更改")
    sign_out(page)
    sign_in(page, "leading_group")
    choose(page, "办理评价轮次", title, "查看评价结果")
    for name, words in shown.items():
        row = page.get_by_role("row").filter(has_text=name)
        for word in words:
            expect(row).to_contain_text(word)
    act(page, "审定结果", "已审定")
    sign_out(page)


def serve_and_end_appeals(page: Page, title: str) -> None:
    """Nobody appeals."""
    serve(page, title)
    end_appeals(page)


def serve(page: Page, title: str) -> None:
    """The departments and persons may read now, and appeal."""
    sign_in(page, "centre_operator")
    choose(page, "办理评价轮次", title)
    act(page, "送达结果", "已送达，申诉期开始")


def appeal(page: Page, title: str) -> None:
    """A department's officer appeals; a second reviewer, who had no part in the result, decides."""
    sign_out(page)
    sign_in(page, "department_officer")
    choose(page, "查看本单位评价结果", title, "提出申诉")
    page.get_by_label("申诉事项和理由").fill("请复核有效票数。")
    press(page, "提交申诉", then="申诉")
    sign_out(page)
    person(Role.CENTRE_REVIEWER, "second_reviewer")
    sign_in(page, "second_reviewer")
    choose(page, f"{title}：复核 1 件申诉")
    choose(page, "复核")
    expect(page.get_by_text("请复核有效票数。")).to_be_visible()
    page.get_by_label("维持原结果").check()
    page.get_by_label("查明情况").fill("重新核对了本单位的有效票数。")
    page.get_by_label("理由").fill("票数与核对情况一致。")
    press(page, "提交复核结论", then="复核")
    sign_out(page)
    sign_in(page, "centre_operator")
    choose(page, "办理评价轮次", title)


def end_appeals(page: Page) -> None:
    """The appeal days are not over: only a recorded decision ends them early."""
    act(page, "结束申诉期", "现在不能结束")
    page.get_by_label("提前公布的批准文号").fill("示政办〔2026〕9号")
    press(page, "结束申诉期", then="申诉期已结束")
