"""The steps of a round: what is done, what is next and for whom, what comes later."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from evaluations.models import Channel, Round
from evaluations.results.services import approval_of
from evaluations.rounds.services import slips_in
from evaluations.schemes.stored import scheme_of
from office import roles
from office.models import User

State = Round.State


@dataclass(frozen=True)
class Kind:
    """One step of every round: its name, the states in which it is due, who does it and where."""

    title: str
    due: tuple[Round.State, ...]
    action: str
    button: str
    page: str
    look: str = ""  # a page to look at while and after the step is done
    look_label: str = ""


PAPER = Kind(
    title="录入纸质票",
    due=(State.CLOSED,),
    action="paper.finish",
    button="核对纸质票",
    page="paper",
    look="paper",
    look_label="查看纸质票",
)
"""Only where somebody took paper: the box can be counted once its sheets are entered."""
APPEALS = "申诉和复核"


def _on_appeals(action: str, button: str, page: str) -> Kind:
    return Kind(
        title=APPEALS,
        due=(State.SERVED,),
        action=action,
        button=button,
        page=page,
        look="appeals",
        look_label="查看和复核申诉",
    )


WHILE_APPEALS_WAIT = {
    "decide": _on_appeals("appeal.decide", "复核申诉", "appeals"),
    "correct": _on_appeals("appeal.decide", "更正结果", "correct"),
    "settle": _on_appeals("round.view", "查看和办理取数渠道", "channels"),
    "compute": _on_appeals("round.compute", "重新计算", "compute"),
}
"""What is done before the appeal days can end, by what the appeals wait for."""
PLAN = Kind(
    title="安排票数",
    due=(State.FROZEN,),
    action="round.edit",
    button="安排票数",
    page="slips",
    look="slips",
    look_label="查看票数安排",
)
"""Done once any slips are planned; the plan can still be changed until they are made."""
CHOOSE = Kind(
    title="选定参评单位",
    due=(),
    action="round.edit",
    button="选定参评单位",
    page="departments",
    look="departments",
    look_label="查看参评单位",
)
FREEZE = Kind(
    title="锁定参评名单",
    due=(State.DRAFT,),
    action="round.edit",
    button="锁定参评名单",
    page="subjects",
    look="subjects",
    look_label="查看参评名单",
)
BALLOT = (
    PLAN,
    Kind(title="制票", due=(State.FROZEN,), action="round.open", button="制票", page="prepare"),
    Kind(
        title="印制凭条，开始评价",
        due=(State.PREPARED,),
        action="round.open",
        button="开始评价",
        page="open",
    ),
    Kind(title="评价", due=(State.OPEN,), action="round.close", button="截止评价", page="close"),
    PAPER,
    Kind(
        title="计票",
        due=(State.CLOSED,),
        action="survey.tally",
        button="计票",
        page="tally",
        look="tally",
        look_label="重新登记计票结果",
    ),
)
GATHER = Kind(
    title="收集数据",
    due=(State.OPEN,),
    action="round.view",
    button="查看和办理取数渠道",
    page="channels",
    look="channels",
    look_label="查看取数渠道",
)
END = Kind(title="结束收集", due=(State.OPEN,), action="round.close", button="结束收集", page="end")
WITHOUT_BALLOT = (
    Kind(title="开始收集", due=(State.FROZEN,), action="round.open", button="开始收集", page="begin"),
    GATHER,
    END,
)
BESIDE = Kind(
    title="办结其他数据",
    due=(State.CLOSED,),
    action="round.view",
    button="查看和办理取数渠道",
    page="channels",
    look="channels",
    look_label="查看取数渠道",
)
"""What is gathered beside the ballot; it may be entered while people vote."""
COMPUTE = Kind(
    title="计算结果",
    due=(State.CLOSED,),
    action="round.compute",
    button="计算结果",
    page="compute",
    look="result",
    look_label="查看评价结果",
)
SIGN_OFF = Kind(
    title="审定结果", due=(State.COMPUTED,), action="round.sign_off", button="审定结果", page="sign-off"
)
APPROVE = Kind(
    title="领导小组批准",
    due=(State.SIGNED_OFF,),
    action="round.approve",
    button="批准结果",
    page="approve",
)
"""Only where the scheme asks for it."""
SERVE = Kind(
    title="送达结果",
    due=(State.SIGNED_OFF, State.APPROVED),
    action="round.serve",
    button="送达结果",
    page="serve",
)
AFTERWARDS = (
    _on_appeals("round.end_appeals", "结束申诉期", "end-appeals"),
    Kind(
        title="公布结果",
        due=(State.APPEALS_ENDED,),
        action="round.publish",
        button="公布结果",
        page="publish",
    ),
)


FINAL = ("close", "end", "end-appeals", "publish")
"""Steps after which nothing can be taken back."""


@dataclass(frozen=True)
class Gathered:
    """How a round goes: by a ballot, other channels (are they settled?), and whether it needs approval."""

    ballot: bool
    others: bool
    settled: bool
    approval: bool
    persons: bool

    @classmethod
    def of(cls, round: Round) -> Gathered:
        found = [(one.kind, one.state) for one in round.channels.all()]
        others = [state for kind, state in found if kind != Channel.Kind.BALLOT]
        return cls(
            ballot=len(others) < len(found),
            others=bool(others),
            settled=all(state != Channel.State.OPEN for state in others),
            approval=approval_of(round) is not None,
            persons=scheme_of(round).judges_persons,
        )

    def kinds(self) -> tuple[Kind, ...]:
        beside = (BESIDE,) if self.ballot and self.others else ()
        ways = BALLOT if self.ballot else WITHOUT_BALLOT
        serve = SERVE if self.persons else replace(SERVE, title="送达单位")
        approve = (APPROVE,) if self.approval else ()
        return (CHOOSE, FREEZE, *ways, *beside, COMPUTE, SIGN_OFF, *approve, serve, *AFTERWARDS)


@dataclass(frozen=True)
class Step:
    """A step of one round as its page shows it."""

    title: str
    stage: str  # done, now, later
    note: str
    url: str
    button: str
    allowed: bool
    doers: str
    look: str
    look_label: str
    number: int = 0
    is_final: bool = False  # cannot be taken back: never the red button that stands there

    @property
    def stage_in_words(self) -> str:
        """Say the stage to those who do not see colors."""
        return {"done": "已完成", "now": "现在办理", "later": "以后办理"}[self.stage]


def steps_of(
    round: Round,
    user: User,
    *,
    counted: bool,
    notes: dict[str, str],
    paper_keyed: bool | None = None,
    appeals: str = "",
) -> list[Step]:
    """`counted` tells the step of counting from that of computing; `notes` are shown beside the titles.

    `paper_keyed` is None where nobody voted on paper; `appeals` says what the appeals wait for.
    """
    gathered = Gathered.of(round)
    kinds = [
        WHILE_APPEALS_WAIT[appeals] if appeals and kind.title == APPEALS else kind
        for kind in gathered.kinds()
        if kind is not PAPER or paper_keyed is not None
    ]
    now = _now(round, kinds, gathered, counted=counted, paper_keyed=bool(paper_keyed))
    found = []
    for place, kind in enumerate(kinds):
        stage = "done" if place < now else "now" if place == now else "later"
        found.append(replace(_step(round, user, kind, stage, notes), number=place + 1))
    return found


def _now(round: Round, kinds: list[Kind], gathered: Gathered, *, counted: bool, paper_keyed: bool) -> int:
    due = [
        place
        for place, kind in enumerate(kinds)
        if State(round.state) in kind.due
        and not (kind is PAPER and paper_keyed)
        and not (kind is PLAN and slips_in(round))
        and not (kind in (GATHER, BESIDE) and gathered.settled)
        and not (kind in (END, COMPUTE) and not gathered.settled)
    ]
    if not due:
        return len(kinds)
    return due[-1] if counted and round.state == State.CLOSED else due[0]


def _step(round: Round, user: User, kind: Kind, stage: str, notes: dict[str, str]) -> Step:
    in_the_way = kind.page == kind.look and stage == "now"  # the button leads there already
    action = _action(round, kind)
    looks = kind.look and not in_the_way and (stage == "done" or (kind.look == "appeals" and stage == "now"))
    if kind.page == "tally":  # other counts may follow until a result is computed from them
        looks = looks and State(round.state) in kind.due and roles.allowed(user, action)
    return Step(
        title=kind.title,
        stage=stage,
        note=notes.get(kind.page, ""),
        url=page_url(round, kind.page),
        button=kind.button,
        allowed=roles.allowed(user, action),
        doers=roles.in_words(action),
        look=page_url(round, kind.look) if looks else "",
        look_label=kind.look_label,
        is_final=kind.page in FINAL,
    )


def _action(round: Round, kind: Kind) -> str:
    """Who counted offline is the custodian; the inspectorate brings the counts in, not who runs the round."""
    offline = round.survey is not None and not round.survey.key_on_server
    return "survey.import" if kind.page == "tally" and offline else kind.action


def page_url(round: Round, page: str) -> str:
    if page == PAPER.page:
        return reverse("survey-paper", args=[round.survey_id])
    if page in {"departments", "subjects", "slips", "channels", "result", "appeals", "correct"}:
        return reverse(f"cockpit:{page}", args=[round.pk])
    return reverse("cockpit:act", args=[round.pk, page])
