"""The columns of the exports of 12345 and of the provincial platform, as they are headed in the wild."""

from __future__ import annotations

HOTLINE, PROVINCE = "hotline", "province"
"""The channels that come as workbooks; a procedure that has one takes its export."""

HEADINGS = {
    "number": (
        "上级平台编号",
        "工单编号",
        "工单号",
        "工单流水号",
        "诉求编号",
        "受理编号",
        "投诉编号",
        "投诉件编号",
        "平台编号",
        "业务编号",
        "案件编号",
    ),
    "own_number": ("窗口编号", "本地编号", "县级编号"),
    "received": (
        "受理时间",
        "来电时间",
        "登记时间",
        "诉求时间",
        "投诉时间",
        "反映时间",
        "提交时间",
        "创建时间",
        "受理日期",
        "登记日期",
        "投诉日期",
    ),
    "title": ("诉求标题", "工单标题", "投诉标题", "事项标题", "事项名称", "标题", "主题"),
    "text": ("诉求内容", "工单内容", "投诉内容", "反映内容", "主要内容", "问题描述", "内容", "具体诉求"),
    "unit": ("承办单位", "被投诉单位", "涉及单位", "责任单位", "主办单位", "承办部门", "处理单位"),
    "state": ("工单状态", "办理状态", "处理状态", "投诉状态", "当前状态", "状态"),
    "closed": ("办结时间", "办结日期", "结案时间", "归档时间", "完成时间", "结案日期"),
    "name": (
        "诉求人",
        "诉求人姓名",
        "来电人",
        "来电人姓名",
        "投诉人",
        "投诉人姓名",
        "反映人",
        "联系人",
        "姓名",
    ),
    "phone": ("联系电话", "来电号码", "来电电话", "手机号码", "手机号", "联系方式", "电话"),
    "firm": ("企业名称", "投诉企业", "反映企业", "诉求企业", "市场主体名称"),
    "papers": ("身份证号", "身份证号码", "证件号码", "统一社会信用代码"),
    "address": ("联系地址", "家庭住址", "住址", "诉求人地址"),
}
NEEDED = ("number", "received", "text")
DAYS = ("received", "closed")
IDENTITY = ("name", "phone", "firm", "papers", "address")
"""Sealed as they are read: no fault, no preview, no list shows what stands in these columns."""

CLOSED_WORDS = (
    "办结",
    "已办结",
    "结案",
    "已结案",
    "归档",
    "已归档",
    "关闭",
    "已关闭",
    "办理完毕",
    "完成",
    "已完成",
)
