"""The acts of a round that are one question and one button: what each says, asks and does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from evaluations import services
from evaluations.cockpit.forms import EndAppealsForm, NothingForm, ReasonForm
from evaluations.models import Round
from evaluations.polling.custody_forms import AnswerForm, CountsForm, PassphraseForm, PrepareForm
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


def _open_offline(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    today = timezone.localdate(now)
    services.open_round(round=round, rehearsal_answer=data["answer"], today=today, acting_user=user)


def _close(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    services.close_round(round=round, today=timezone.localdate(now), acting_user=user)


def _tally(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    if counts := data.get("counts"):
        services.import_counts(round=round, content=counts.read(), acting_user=user)
    else:
        services.tally_round(round=round, passphrase=data["passphrase"], acting_user=user)


def _import_counts(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    services.import_counts(round=round, content=data["counts"], acting_user=user)


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


def register(slug: str, act: Act) -> None:
    """Add an act of a room above; it has its step and its address like the others."""
    ACTS[slug] = act


def act_of(slug: str, round: Round) -> Act:
    """Return the act as it is done in this round: a key kept offline opens and counts otherwise."""
    if slug in OFFLINE and round.survey is not None and not round.survey.key_on_server:
        return OFFLINE[slug]
    return ACTS[slug]


def form_of(slug: str, round: Round) -> type[forms.Form]:
    """Return what an act asks of this round; the first computation needs no reason."""
    if slug == "compute" and not round.results.exists():
        return NothingForm
    return act_of(slug, round).form


ACTS: dict[str, Act] = {
    "prepare": Act(
        "制票",
        "制票",
        "round.open",
        (
            "制票后，参评名单、评价问题、口径、占比和票数都不能再改。",
            "计票密钥能打开全部选票。由纪检监察机关在不联网的计算机上生成并离线保管的，服务器上没有人能打开选票。",
            "存于本机的，由口令保护，须信任服务器管理员；凡公布结果之处都会注明。",
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
}


OFFLINE: dict[str, Act] = {
    "open": Act(
        "开始打票",
        "核对答复，开始打票",
        "round.open",
        (
            "开始后不能再印制票据，尚未印制的批次随即作废。",
            "计票密钥由纪检监察机关离线保管。开始之前先作开箱演练：把下面的演练口令交给保管人，解开后读出答复。",
            "答复正确，说明截止后能够计票。",
        ),
        _open_offline,
        "演练答复正确，已开始打票。",
        AnswerForm,
    ),
    "tally": Act(
        "计票",
        "导入计票结果",
        "survey.tally",
        (
            "计票密钥由纪检监察机关离线保管，选票不在本服务器上打开。",
            "把计票包交给保管人，由保管人在不联网的计算机上计票，再导入计票程序写出的计票结果文件。",
            "系统逐项与计票包核对，不符的不导入。",
        ),
        _import_counts,
        "计票结果与计票包核对一致，已导入。下一步：计算结果。",
        CountsForm,
    ),
}
