"""The acts of a round that are one question and one button: what each says, asks and does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from disclosure import services as disclosure
from disclosure.cockpit.custody import counts_form, rehearsal_form
from disclosure.cockpit.forms import EndAppealsForm, NothingForm, PassphraseForm, PrepareForm, ReasonForm
from evaluations import services
from evaluations.models import Round
from office.models import User

Work = Callable[[Round, dict[str, Any], User, datetime], Any]


@dataclass(frozen=True)
class Act:
    """One act: title and button, who may, what to know before, what it does, what is said after."""

    title: str
    button: str
    action: str
    says: tuple[str, ...]
    work: Work
    done: str
    form: type[forms.Form] = NothingForm


def _prepare(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    services.prepare_ballot(
        round=round,
        passphrase=data["passphrase"],
        custodian_key=data["custodian_key"],
        closes=data["closes"],
        acting_user=user,
    )


def _open(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    today = timezone.localdate(now)
    services.open_round(
        round=round,
        passphrase=data.get("passphrase", ""),
        rehearsal_answer=data.get("rehearsal_answer", ""),
        today=today,
        acting_user=user,
    )


def _close(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    services.close_round(round=round, today=timezone.localdate(now), acting_user=user)


def _tally(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    if counts := data.get("counts"):
        services.import_counts(round=round, content=counts.read(), acting_user=user)
    else:
        services.tally_round(round=round, passphrase=data["passphrase"], acting_user=user)


def _compute(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    services.compute_round(round=round, now=now, acting_user=user, reason=data.get("reason", ""))


def _sign_off(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    services.sign_off_round(round=round, now=now, acting_user=user)


def _serve(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    services.serve_round(round=round, today=timezone.localdate(now), acting_user=user)


def _end_appeals(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    services.end_appeals(
        round=round,
        today=timezone.localdate(now),
        acting_user=user,
        waiver_decision=data["waiver_decision"],
    )


def _publish(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    disclosure.publish_results(round=round, acting_user=user, now=now)


def form_of(slug: str, round: Round) -> type[forms.Form]:
    """Return what an act asks of this round; the first computation needs no reason."""
    if slug in ("open", "tally") and round.survey and not round.survey.key_on_server:
        return rehearsal_form(round.survey) if slug == "open" else counts_form(round.survey)
    if slug == "compute" and not round.results.exists():
        return NothingForm
    return ACTS[slug].form


ACTS: dict[str, Act] = {
    "prepare": Act(
        "制票",
        "制票",
        "round.open",
        (
            "制票后，参评名单、评价问题、口径、占比和票数都不能再改。",
            "系统此时生成本轮的票种。请填入保管人交来的计票公钥，公钥识别码须与保管人当面核对。",
            "没有条件离线保管的，可以设定计票口令：密钥由口令保护，存放在本服务器上，属于较弱的保管方式，结果中会注明。",
        ),
        _prepare,
        "已制票。下一步：印制票据并发放到各镇（街），然后开始打票。",
        PrepareForm,
    ),
    "open": Act(
        "开始打票",
        "开始打票",
        "round.open",
        (
            "开始后不能再印制票据，尚未印制的批次随即作废。",
            "开始之前做一次开箱演练，由保管密钥或口令的人员证明届时能够计票。",
        ),
        _open,
        "已开始打票。",
        PassphraseForm,
    ),
    "close": Act(
        "截止打票",
        "截止打票",
        "round.close",
        ("截止后不再接收选票，不能重新开始。请先确认各镇（街）的集中打票都已结束。",),
        _close,
        "已截止打票。下一步：计票。",
    ),
    "tally": Act(
        "计票",
        "计票",
        "survey.tally",
        (
            "密钥由保管人离线保管的，由保管人计票，这里导入计票结果文件，系统与计票包逐项核对。",
            "密钥存放在本服务器上的，请由保管口令的人员输入计票口令。口令只在计票时使用，不作保存。",
        ),
        _tally,
        "已计票。下一步：计算结果。",
        PassphraseForm,
    ),
    "compute": Act(
        "计算结果",
        "计算结果",
        "round.compute",
        (
            "按本轮的评价方案和口径计算各单位、各人员的得分，并保存全部推导过程。",
            "计算人不能审定自己计算的结果。",
        ),
        _compute,
        "已计算。下一步：由计算人以外的人员审定。",
        ReasonForm,
    ),
    "sign-off": Act(
        "审定结果",
        "审定结果",
        "round.sign_off",
        ("请先核对结果、提示和口径。审定人必须是计算人以外的人员。",),
        _sign_off,
        "已审定。下一步：送达单位和个人。",
    ),
    "serve": Act(
        "送达结果",
        "送达结果",
        "round.serve",
        ("送达后，各单位可以在工作台查看本单位的全部结果。", "自次日起五个工作日为申诉期。"),
        _serve,
        "已送达，申诉期开始。",
    ),
    "end-appeals": Act(
        "结束申诉期",
        "结束申诉期",
        "round.end_appeals",
        ("申诉期届满，且全部申诉已经复核，才能结束申诉期。",),
        _end_appeals,
        "申诉期已结束。下一步：公布结果。",
        EndAppealsForm,
    ),
    "publish": Act(
        "公布结果",
        "公布结果",
        "round.publish",
        ("公布后，成绩单在公示网站上向社会公开。公布范围按本轮确定的规则执行。",),
        _publish,
        "已提交公布。页面生成后即可在公示网站查看，进度见“后台任务”。",
    ),
}
