"""One claim of a firm: how it stands in words, and what the firm can do about it now (GY-R13, GY-R15)."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from benefits.claims import deciding, papers
from benefits.claims.forms import PapersForm
from benefits.claims.sealing import change_account, may_change_account
from benefits.claims.withdrawing import why_kept
from benefits.models import Claim, ClaimDecision, Firm
from benefits.portal.apart import for_firms, page
from benefits.portal.entrance import EXPIRED, entrance
from benefits.rules import rules
from casework.matters import stopping
from casework.models import Matter, MatterEvent
from casework.reporting import acts, words
from casework.reporting.apart import typed
from office.errors import Refused

DECIDED = (
    Matter.State.REPLIED,
    Matter.State.COMPLETED,
    Matter.State.CALLING,
    Matter.State.CLOSING,
    Matter.State.CLOSED,
    Matter.State.REVIEWING,
)


@for_firms
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, firm: Firm | None, claim_id: int) -> HttpResponse:
    if firm is None:
        return entrance(request, why=EXPIRED if request.method == "POST" else "")
    found = _claim(firm, claim_id)
    done, why = _acted(request, found) if request.method == "POST" else ("", "")
    return _shown(request, firm, _claim(firm, claim_id), done, why)


def _claim(firm: Firm, claim_id: int) -> Claim:
    whole = Claim.objects.select_related("matter__version", "version__department", "firm")
    return get_object_or_404(whole, pk=claim_id, firm=firm)


def _acted(request: HttpRequest, found: Claim) -> tuple[str, str]:
    """Do what was asked, if it can be done now; return what to say of it: done, or why not."""
    named = request.POST.get("act", "")
    try:
        if named in OWN:
            return OWN[named](request, found), ""
        act = next((one for one in acts.ACTS if one.name == named and named in COMMON), None)
        if act is None:
            return "", ""
        if not _may(act, found):
            return "", "这件申请的情况已经变化，请看下面的最新情况。"
        act.do(request, found.matter)
    except Refused as refusal:
        return "", str(refusal)
    return COMMON[named], ""


def _hand_in(request: HttpRequest, found: Claim) -> str:
    form = _papers_form(found, request)
    if not form.is_valid():
        raise Refused("文件不能接收", "请重新选择。")
    files = form.read_files()
    if form.errors:
        raise Refused("文件不能接收", " ".join(str(one[0]) for one in form.errors.values()))
    handed = papers.hand_in(claim=found, files_of=files, now=timezone.now())
    if handed.is_complete:
        return "材料已经补齐，时限从明天起继续计算。"
    if handed.left:
        return f"已经收到。还缺{'、'.join(handed.left)}，补齐后时限继续计算。"
    return "已经收到，由专窗核对；核对无误后时限继续计算。"


def _change_account(request: HttpRequest, found: Claim) -> str:
    whole = " ".join(typed(request.POST.get(name, ""), 60) for name in ("bank", "account"))
    change_account(claim=found, account=whole, acting_user=None)
    return "收款账户已经更改。"


OWN: dict[str, Callable[[HttpRequest, Claim], str]] = {"papers": _hand_in, "account": _change_account}
COMMON = {
    "rate": "您的评价已经登记，谢谢。",
    "review": "异议已经收到，由没有办理过这件申请的人员决定。",
    "withdraw": "已经撤回，不再办理。",
}


def _may(act: acts.Act, found: Claim) -> bool:
    if act.name == "withdraw" and why_kept(found, found.matter):
        return False
    if act.name == "review" and _is_all_granted(found):
        return False
    return act.may(found.matter)


def _is_all_granted(found: Claim) -> bool:
    """Whether there is nothing to object to: granted here with no less than was asked, or granted above."""
    decision = deciding.decision_of(found)
    if decision is None:
        return found.matter.is_solved
    asked, given = found.amount_asked, decision.amount
    return decision.is_granted and (asked is None or given is None or given >= asked)


def _papers_form(found: Claim, request: HttpRequest | None = None) -> PapersForm:
    needed = [one.paper for one in papers.of_claim(found)]
    if request is None:
        return PapersForm(papers=needed)
    return PapersForm(request.POST, request.FILES, papers=needed)


def _steps(matter: Matter, decision: ClaimDecision | None) -> list[words.Step]:
    """A refusal completes nothing in the words of a firm, though the matter goes on from there."""
    done = words.TOLD[MatterEvent.Act.COMPLETED][0]
    is_refused = decision is not None and not decision.is_granted
    return [one for one in words.steps(matter) if not (is_refused and one.label == done)]


def _shown(request: HttpRequest, firm: Firm, found: Claim, done: str, why: str) -> HttpResponse:
    matter = found.matter
    notice = papers.open_notice(found) if matter.state in stopping.WHILE else None
    decision = deciding.decision_of(found) if matter.state in DECIDED else None
    return page(
        request,
        "progress",
        found.version.name,
        firm=firm,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if why else HTTPStatus.OK,
        claim=found,
        matter=matter,
        procedure=matter.procedure,
        stands=words.stands(matter),
        steps=_steps(matter, decision),
        is_open=matter.state in stopping.WHILE,
        rows=papers.of_claim(found),
        notice=notice,
        left=papers.left_of(found, notice) if notice else [],
        form=_papers_form(found) if notice else None,
        decision=decision,
        payments=decision.payments.all() if decision else [],
        may={one.name for one in acts.ACTS if one.name in COMMON and _may(one, found)},
        may_change_account=rules()[1].gives_money(found.version.kind) and may_change_account(found),
        done=done,
        why=why,
    )
