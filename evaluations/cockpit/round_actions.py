"""Actions on a round that are one question and one button: what each says, asks and does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from evaluations import services
from evaluations.cockpit.forms import (
    ClosingTimeForm,
    EarlyCloseForm,
    EndAppealsForm,
    NothingForm,
    ReasonForm,
    ReturnForm,
    VoidForm,
)
from evaluations.models import Round
from evaluations.polling.custody_forms import (
    AnswerForm,
    CountsAgainForm,
    CountsForm,
    PassphraseForm,
    PrepareForm,
)
from evaluations.results.appeal_days import days_in_words
from evaluations.schemes.stored import policy_of
from office.models import User
from surveys import queries

Data = dict[str, Any]  # what the form was filled in with
Work = Callable[[Round, Data, User, datetime], Any]


@dataclass(frozen=True)
class Act:
    """One action on a round; `says` is read before it is done, `done` is said after it."""

    title: str
    button: str
    action: str
    says: tuple[str, ...]
    work: Work
    done: str
    form: type[forms.Form] = NothingForm
    preview: str = ""  # name of the pages (round, file) that show what the action will make public


def _prepare(round: Round, data: Data, user: User, now: datetime) -> None:
    services.prepare_ballot(
        round=round,
        passphrase=data["passphrase"],
        custodian_key=data["custodian_key"],
        closes_at=data["closes_at"],
        now=now,
        acting_user=user,
    )


def _open_with_passphrase(round: Round, data: Data, user: User, now: datetime) -> None:
    services.open_round(
        round=round, passphrase=data["passphrase"], today=timezone.localdate(now), acting_user=user
    )


def _open_with_rehearsal(round: Round, data: Data, user: User, now: datetime) -> None:
    services.open_round(
        round=round, rehearsal_answer=data["answer"], today=timezone.localdate(now), acting_user=user
    )


def _set_closing_time(round: Round, data: Data, user: User, now: datetime) -> None:
    services.set_closing_time(round=round, closes_at=data["closes_at"], now=now, acting_user=user)


def _begin(round: Round, data: Data, user: User, now: datetime) -> None:
    services.begin_gathering(round=round, today=timezone.localdate(now), acting_user=user)


def _end(round: Round, data: Data, user: User, now: datetime) -> None:
    services.end_gathering(round=round, today=timezone.localdate(now), acting_user=user)


def _close(round: Round, data: Data, user: User, now: datetime) -> None:
    services.close_round(
        round=round,
        today=timezone.localdate(now),
        now=now,
        early_reason=data.get("early_reason", ""),
        acting_user=user,
    )


def _tally(round: Round, data: Data, user: User, now: datetime) -> None:
    services.tally_round(round=round, passphrase=data["passphrase"], acting_user=user)


def _import_counts(round: Round, data: Data, user: User, now: datetime) -> None:
    services.import_counts(
        round=round, content=data["counts"], reason=data.get("reason", ""), acting_user=user
    )


def _compute(round: Round, data: Data, user: User, now: datetime) -> None:
    services.compute_round(round=round, now=now, reason=data.get("reason", ""), acting_user=user)


def _sign_off(round: Round, data: Data, user: User, now: datetime) -> None:
    services.sign_off_round(round=round, now=now, acting_user=user)


def _approve(round: Round, data: Data, user: User, now: datetime) -> None:
    services.approve_round(round=round, now=now, acting_user=user)


def _return(round: Round, data: Data, user: User, now: datetime) -> None:
    services.return_result(round=round, reason=data["reason"], now=now, acting_user=user)


def _void(round: Round, data: Data, user: User, now: datetime) -> None:
    services.cancel_round(round=round, reason=data["reason"], acting_user=user)


def _serve(round: Round, data: Data, user: User, now: datetime) -> None:
    services.serve_round(round=round, today=timezone.localdate(now), acting_user=user)


def _end_appeals(round: Round, data: Data, user: User, now: datetime) -> None:
    services.end_appeals(
        round=round,
        today=timezone.localdate(now),
        waiver_decision=data["waiver_decision"],
        acting_user=user,
    )


def _register_consequences(round: Round, data: Data, user: User, now: datetime) -> None:
    services.register_consequences(round=round, now=now, acting_user=user)


def register(slug: str, act: Act) -> None:
    """Add an action of a room above; it has its step and its address like the others."""
    ACTS[slug] = act


def act_of(slug: str, round: Round) -> Act:
    """Return the action as it is done in this round: a key kept offline opens and counts otherwise."""
    if slug in OFFLINE and round.survey is not None and not round.survey.key_on_server:
        return OFFLINE[slug]
    found = ACTS[slug]
    if slug == "serve":
        return replace(found, says=(*found.says, days_in_words(round)))
    if slug in WITHOUT_PERSONS and not policy_of(round.scheme_version).defaults.judges_persons:
        return replace(found, **WITHOUT_PERSONS[slug])
    return found


def form_of(slug: str, round: Round, now: datetime) -> type[forms.Form]:
    """Return the form; the first computation and the first counts need no reason, an early close does."""
    if slug == "close" and round.closes_at and now < round.closes_at:
        return EarlyCloseForm
    if slug == "compute" and not round.results.exists():
        return NothingForm
    form = act_of(slug, round).form
    if form is CountsForm and round.survey is not None and queries.counts(round.survey):
        return CountsAgainForm
    return form


ACTS: dict[str, Act] = {
    "prepare": Act(
        title="制票",
        button="制票",
        action="round.open",
        says=(
            "制票后，参评名单、评价问题、口径、占比和票数都不能再改。",
            "计票密钥能打开全部选票。由纪检监察机关在不联网的计算机上生成并离线保管的，服务器上没有人能打开选票。",
            "存于服务器的，由口令保护，须信任服务器管理员；凡公布结果之处都会注明。",
        ),
        work=_prepare,
        done="已制票。下一步：印制凭条并发放到各镇（街），然后开始评价。",
        form=PrepareForm,
    ),
    "open": Act(
        title="开始评价",
        button="开始评价",
        action="round.open",
        says=(
            "开始后不能再印制凭条，尚未印制的批次随即作废。",
            "开始之前做一次开箱演练，由保管密钥或口令的人员证明届时能够计票。",
        ),
        work=_open_with_passphrase,
        done="已开始评价。",
        form=PassphraseForm,
    ),
    "deadline": Act(
        title="设定截止时间",
        button="设定截止时间",
        action="round.open",
        says=("制票时没有定截止时间的，在这里设定一次；设定后显示在评价页面上，不能再改。",),
        work=_set_closing_time,
        done="已设定截止时间。",
        form=ClosingTimeForm,
    ),
    "begin": Act(
        title="开始收集",
        button="开始收集",
        action="round.open",
        says=(
            "开始后，参评名单、口径和取数渠道都不能再改，各渠道可以填报。",
            "各渠道办结，或注明原因后不采用，才能结束收集。",
        ),
        work=_begin,
        done="已开始收集。下一步：逐项办理取数渠道。",
    ),
    "end": Act(
        title="结束收集",
        button="结束收集",
        action="round.close",
        says=("结束后不再填报。各渠道须已办结，或注明原因后不采用。",),
        work=_end,
        done="已结束收集。下一步：计算结果。",
    ),
    "close": Act(
        title="截止评价",
        button="截止评价",
        action="round.close",
        says=("截止后不再接收选票，不能重新开始。请先确认各镇（街）的现场评价都已结束。",),
        work=_close,
        done="已截止评价。下一步：计票。",
    ),
    "tally": Act(
        title="计票",
        button="计票",
        action="survey.tally",
        says=(
            "密钥由保管人离线保管的，由保管人计票，这里导入计票结果文件，系统与计票包逐项核对。",
            "密钥存放在本服务器上的，请由保管口令的人员输入计票口令。口令只在计票时使用，不作保存。",
        ),
        work=_tally,
        done="已计票。下一步：计算结果。",
        form=PassphraseForm,
    ),
    "compute": Act(
        title="计算结果",
        button="计算结果",
        action="round.compute",
        says=(
            "按本轮的评价方案和口径计算全部得分，并保存全部推导过程。",
            "计算人不能审定自己计算的结果。",
        ),
        work=_compute,
        done="已计算。下一步：由计算人以外的人员审定。",
        form=ReasonForm,
    ),
    "sign-off": Act(
        title="审定结果",
        button="审定结果",
        action="round.sign_off",
        says=("请先核对结果、提示和口径。审定人必须是计算人以外的人员。",),
        work=_sign_off,
        done="已审定。下一步：送达结果。",
    ),
    "approve": Act(
        title="批准结果",
        button="批准结果",
        action="round.approve",
        says=(
            "评价方案规定结果须报领导小组审定。批准人不能是计算人，也不能是审定人。",
            "请核对结果、提示、口径和与上一次计算相比的变化。",
        ),
        work=_approve,
        done="已批准。下一步：送达结果。",
    ),
    "return": Act(
        title="退回结果",
        button="退回经办人员",
        action="round.return",
        says=(
            "退回后，本次结果不再往下办理；经办人员核对或更正之后，须重新计算。本次结果和退回原因都保留。",
        ),
        work=_return,
        done="已退回。经办人员核对后重新计算。",
        form=ReturnForm,
    ),
    "void": Act(
        title="作废轮次",
        button="作废本轮次",
        action="round.view",  # who may, depends on how far the round is: the service decides
        says=(
            "作废后，本轮次不能恢复，也不会公布；已有的记录和操作审计保留。",
            "已制票的：全部凭条作废，不再接收选票，尚未移交的选票销毁，服务器上的密钥随即销毁，选票不再计票。",
            "计票密钥由纪检监察机关离线保管的，请通知保管人销毁密钥。已写好的计票包留作核查。",
        ),
        work=_void,
        done="本轮次已作废。",
        form=VoidForm,
    ),
    "serve": Act(
        title="送达结果",
        button="送达结果",
        action="round.serve",
        says=("送达后，各单位可以在工作台查看本单位的结果，按公布规则显示。",),
        work=_serve,
        done="已送达，申诉期开始。",
    ),
    "end-appeals": Act(
        title="结束申诉期",
        button="结束申诉期",
        action="round.end_appeals",
        says=("申诉期届满，且全部申诉已经复核，才能结束申诉期。",),
        work=_end_appeals,
        done="申诉期已结束。下一步：公布结果。",
        form=EndAppealsForm,
    ),
    "register-consequences": Act(
        title="登记处置建议",
        button="登记处置建议",
        action="round.end_appeals",
        says=(
            "把本轮结果提出的处置建议列入处置登记，由有权机关决定；登记本身不发生效力。",
            "结束申诉期时自动登记。本轮在此之前已结束申诉期的，在这里补登一次。",
        ),
        work=_register_consequences,
        done="已登记处置建议。下一步：由有权机关决定。",
    ),
}


WITHOUT_PERSONS: dict[str, Any] = {
    "compute": {
        "says": (
            "按本轮的评价方案和口径计算各单位的得分，并保存全部推导过程。",
            "计算人不能审定自己计算的结果。",
        )
    },
    "sign-off": {"done": "已审定。下一步：送达单位；方案规定报领导小组的，先报领导小组批准。"},
}
"""What an action says otherwise where only units are judged."""
OFFLINE: dict[str, Act] = {
    "open": Act(
        title="开始评价",
        button="核对答复，开始评价",
        action="round.open",
        says=(
            "开始后不能再印制凭条，尚未印制的批次随即作废。",
            "计票密钥由纪检监察机关离线保管。开始之前先作开箱演练：把下面的演练口令交给保管人，解开后读出答复。",
            "答复正确，说明截止后能够计票。",
        ),
        work=_open_with_rehearsal,
        done="演练答复正确，已开始评价。",
        form=AnswerForm,
    ),
    "tally": Act(
        title="计票",
        button="导入计票结果",
        action="survey.import",
        says=(
            "计票密钥由纪检监察机关离线保管，选票不在本服务器上打开。",
            "把计票包交给保管人，由保管人在不联网的计算机上计票，再导入计票程序写出的计票结果文件。",
            "系统逐项与计票包和保管人的签名核对，不符的不导入。由纪检监察人员导入。",
        ),
        work=_import_counts,
        done="计票结果与计票包核对一致，已导入。下一步：计算结果。",
        form=CountsForm,
    ),
}
