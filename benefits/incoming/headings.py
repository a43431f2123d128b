"""The columns of an export of the platform above; who may be called is in none of them, so never read."""

from __future__ import annotations

from casework.incoming.headings import HEADINGS as OF_MATTERS

HEADINGS = {
    "number": (*OF_MATTERS["number"], "申请编号", "申报编号", "办件编号", "申请单号", "申报流水号"),
    "own_number": OF_MATTERS["own_number"],
    "received": (*OF_MATTERS["received"], "申请时间", "申请日期", "申报时间", "申报日期"),
    "credit_code": (
        "统一社会信用代码",
        "社会信用代码",
        "信用代码",
        "企业信用代码",
        "申请企业统一社会信用代码",
    ),
    "firm": ("企业名称", "申请企业", "申报企业", "申请单位", "申报单位", "市场主体名称"),
    "item": ("事项名称", "政策事项", "惠企政策事项", "政策名称", "申报事项", "申请事项"),
    "item_code": ("事项编号", "政策编号", "事项编码", "政策事项编号", "清单编号"),
    "amount": ("申请金额（元）", "申请金额", "申报金额（元）", "申报金额", "申请资金（元）"),
    "state": (*OF_MATTERS["state"], "申请状态", "申报状态", "兑现状态"),
    "closed": (*OF_MATTERS["closed"], "兑现时间", "兑现日期", "拨付日期"),
}
NEEDED = ("number", "received", "credit_code", "item")
DAYS = ("received", "closed")
