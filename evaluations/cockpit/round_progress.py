"""A round as a row of steps: what is done, what is next and for whom, what comes later."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from evaluations.models import Round
from office import roles
from office.models import User

S = Round.State
ORDER = list(S)


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


PAPER = Kind("录入纸质票", (S.CLOSED,), "paper.finish", "核对纸质票", "paper", "paper", "查看纸质票")
"""Only where somebody took paper: the box can be counted once it is keyed."""
STEPS = (
    Kind("选定参评单位", (), "round.edit", "选定参评单位", "departments", "departments", "查看参评单位"),
    Kind("锁定参评名单", (S.DRAFT,), "round.edit", "锁定参评名单", "subjects", "subjects", "查看参评名单"),
    Kind("安排票数并制票", (S.FROZEN,), "round.edit", "安排票数", "slips", "slips", "查看票数安排"),
    Kind("印制票据，开始打票", (S.PREPARED,), "round.open", "开始打票", "open"),
    Kind("打票", (S.OPEN,), "round.close", "截止打票", "close"),
    PAPER,
    Kind("计票", (S.CLOSED,), "survey.tally", "计票", "tally"),
    Kind("计算结果", (S.CLOSED,), "round.compute", "计算结果", "compute", "result", "查看评价结果"),
    Kind("审定结果", (S.COMPUTED,), "round.sign_off", "审定结果", "sign-off"),
    Kind("送达单位和个人", (S.SIGNED_OFF,), "round.serve", "送达结果", "serve"),
    Kind(
        "申诉和复核",
        (S.SERVED,),
        "round.end_appeals",
        "结束申诉期",
        "end-appeals",
        "appeals",
        "查看和复核申诉",
    ),
    Kind("公布结果", (S.APPEALS_ENDED,), "round.publish", "公布结果", "publish"),
)


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

    @property
    def stage_in_words(self) -> str:
        """The stage for those who do not see colors."""
        return {"done": "已完成", "now": "现在办理", "later": "以后办理"}[self.stage]


def steps_of(
    round: Round, user: User, *, counted: bool, notes: dict[str, str], paper_keyed: bool | None = None
) -> list[Step]:
    """Return the steps of a round; `counted` tells counting from computing, `notes` stand beside titles.

    `paper_keyed`: None where nobody voted on paper.
    """
    kinds = [kind for kind in STEPS if kind is not PAPER or paper_keyed is not None]
    now = _now(round, kinds, counted=counted, paper_keyed=bool(paper_keyed))
    found = []
    for place, kind in enumerate(kinds):
        stage = "done" if place < now else "now" if place == now else "later"
        found.append(_step(round, user, kind, stage, notes))
    return found


def _now(round: Round, kinds: list[Kind], *, counted: bool, paper_keyed: bool) -> int:
    due = [
        place
        for place, kind in enumerate(kinds)
        if S(round.state) in kind.due and not (kind is PAPER and paper_keyed)
    ]
    if not due:
        return len(kinds)
    return due[-1] if counted else due[0]


def _step(round: Round, user: User, kind: Kind, stage: str, notes: dict[str, str]) -> Step:
    in_the_way = kind.page == kind.look and stage == "now"  # the button leads there already
    looks = kind.look and not in_the_way and (stage == "done" or (kind.look == "appeals" and stage == "now"))
    return Step(
        title=kind.title,
        stage=stage,
        note=notes.get(kind.page, ""),
        url=page_url(round, kind.page),
        button=kind.button,
        allowed=roles.allowed(user, kind.action),
        doers="、".join(role.label for role in roles.Role if role in roles.PERMISSIONS[kind.action]),
        look=page_url(round, kind.look) if looks else "",
        look_label=kind.look_label,
    )


def page_url(round: Round, page: str) -> str:
    """Return the address of a page of this round."""
    if page == PAPER.page:
        return reverse("survey-paper", args=[round.survey_id])
    if page in {"departments", "subjects", "slips", "result", "appeals"}:
        return reverse(f"cockpit:{page}", args=[round.pk])
    return reverse("cockpit:act", args=[round.pk, page])
