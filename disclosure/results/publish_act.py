"""Adds publishing to the actions of a round."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from disclosure.results import services
from evaluations import services as evaluations
from evaluations.cockpit.round_actions import Act, register
from evaluations.models import Round
from office.models import User


def _publish(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    services.publish_results(round=round, acting_user=user, now=now)


def _correct(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    evaluations.begin_correction(
        round=round, reason=data["reason"], decision=data["decision"], acting_user=user
    )


class CorrectionForm(forms.Form):
    reason = forms.CharField(label="更正原因", max_length=200, help_text="随更正后的结果公布。")
    decision = forms.CharField(
        label="批准文号", max_length=120, help_text="批准更正的文件的文号，随结果公布。"
    )


register(
    "publish",
    Act(
        "公布结果",
        "公布结果",
        "round.publish",
        (
            "公布后，成绩单在公示网站上向社会公开。公布范围按本轮确定的规则执行。",
            "请先预览：公布以后，内容不再改动，只能另行更正公布。",
        ),
        _publish,
        "已提交公布。页面生成后即可在公示网站查看，进度见“后台任务”。",
        preview="publication-preview",
    ),
)
register(
    "correct-publication",
    Act(
        "更正公布",
        "开始更正",
        "round.publish",
        (
            "已公布的结果有误的，在这里开始更正。更正公布之前，原来公布的结果继续有效。",
            "开始后，先由复核或领导小组更正参评名单，或由两人重新打开取数渠道更正数据，再重新计算；由计算人以外的人员审定，再送达、公布，编为下一次公布。",
            "原来的公布按编号保留，并注明由哪一次公布更正。",
        ),
        _correct,
        "已开始更正。下一步：更正名单或数据，重新计算。",
        CorrectionForm,
    ),
)
