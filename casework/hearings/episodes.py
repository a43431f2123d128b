"""What is kept of an episode: who appeared, films, questions, and the panel's closed ballot (WY-R6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from casework.hearings.rules import rules
from casework.hearings.shares import Share
from casework.matters.turns import take_turn
from casework.models import Appearance, Episode, Film, HallQuestion, PanelVote
from departments.access import belongs_to
from departments.models import Department
from office import audit, dates, roles
from office.errors import Refused
from office.models import User


@transaction.atomic
def enter_episode(*, held_on: date, medium: str, theme: str, acting_user: User) -> Episode:
    roles.require(acting_user, "hearing.edit")
    if medium not in rules().media:
        raise Refused("没有这一媒体", f"媒体为：{'、'.join(rules().media)}。")
    said = _said(theme, "主题")
    take_turn("episodes")
    if Episode.objects.filter(held_on=held_on, theme=said).exists():
        raise Refused("这一期已经登记", "请在列表中打开。")
    episode = Episode.objects.create(held_on=held_on, medium=medium, theme=said, entered_by=acting_user)
    audit.record("登记媒体问政", episode, acting_user=acting_user, after={"播出日期": dates.day(held_on)})
    return episode


@transaction.atomic
def add_appearance(
    *, episode: Episode, unit: Department, post: str, kind: str, acting_user: User
) -> Appearance:
    """A unit appears by a post; a name is not kept."""
    roles.require(acting_user, "hearing.edit")
    said = _said(post, "出场职务")
    if kind not in Appearance.Kind.values:
        raise Refused("没有这一出场类型", "请重新选择。")
    if any(name in said for name in unit.staff.values_list("name", flat=True)):
        raise Refused("出场职务中写了姓名", "请只写职务，例如“局长”。")
    take_turn("episodes")
    if Appearance.objects.filter(episode=episode, unit=unit, post=said).exists():
        raise Refused(f"{unit}的这一职务已经登记", "请核对。")
    made = Appearance.objects.create(episode=episode, unit=unit, post=said, kind=kind)
    audit.record("登记出场单位", episode, acting_user=acting_user, after={"单位": str(unit), "职务": said})
    return made


@transaction.atomic
def add_film(*, episode: Episode, unit: Department, title: str, problem: str, acting_user: User) -> Film:
    roles.require(acting_user, "hearing.edit")
    made = Film.objects.create(
        episode=episode, unit=unit, title=_said(title, "片名"), problem=_said(problem, "反映的问题")
    )
    audit.record("登记短片", episode, acting_user=acting_user, after={"单位": str(unit), "片名": made.title})
    return made


@transaction.atomic
def add_question(
    *, episode: Episode, unit: Department, text: str, answer: str, acting_user: User
) -> HallQuestion:
    roles.require(acting_user, "hearing.edit")
    made = HallQuestion.objects.create(
        episode=episode, unit=unit, text=_said(text, "问题"), answer=answer.strip()
    )
    audit.record("登记现场提问", episode, acting_user=acting_user, after={"单位": str(unit)})
    return made


@dataclass(frozen=True)
class Counts:
    """What the keypads or the boxes in the hall gave; whoever did not vote is left over."""

    size: int
    satisfied: int
    fairly: int
    unsatisfied: int


@transaction.atomic
def key_vote(
    *, episode: Episode, unit: Department, counts: Counts, now: datetime, acting_user: User
) -> PanelVote:
    """Key the counts of the panel; the same person may put them right until another has confirmed them."""
    roles.require(acting_user, "hearing.vote")
    _refuse_own(acting_user, unit)
    _refuse_too_many(counts)
    take_turn("panel votes")
    kept = PanelVote.objects.select_for_update().filter(episode=episode, unit=unit).first()
    if kept is not None and (kept.confirmed_by_id or kept.keyed_by_id != acting_user.pk):
        raise Refused(f"对{unit}的表决已经录入", "请由录入人以外的人员再次录入复核。")
    vote = kept or PanelVote(episode=episode, unit=unit)
    vote.size, vote.satisfied = counts.size, counts.satisfied
    vote.fairly, vote.unsatisfied = counts.fairly, counts.unsatisfied
    vote.keyed_by, vote.keyed_at = acting_user, now
    vote.save()
    audit.record("录入评议团表决", vote, acting_user=acting_user, after=_in_words(counts))
    return vote


@transaction.atomic
def confirm_vote(*, vote: PanelVote, counts: Counts, now: datetime, acting_user: User) -> PanelVote:
    """Key the counts a second time, without seeing the first: both must be the same."""
    roles.require(acting_user, "hearing.vote")
    current = PanelVote.objects.select_for_update(of=("self",)).select_related("unit").get(pk=vote.pk)
    if current.confirmed_by_id:
        raise Refused("这次表决已经复核", "请刷新页面。")
    if current.keyed_by_id == acting_user.pk:
        raise Refused("表决须由录入人以外的人员复核", "请由另一人再次录入。")
    _refuse_own(acting_user, current.unit)
    first = Counts(current.size, current.satisfied, current.fairly, current.unsatisfied)
    if counts != first:
        raise Refused("两次录入的票数不一致", "请两人一起核对现场记录；第一次录错的，由原录入人改正。")
    current.confirmed_by, current.confirmed_at = acting_user, now
    current.save(update_fields=["confirmed_by", "confirmed_at"])
    audit.record("复核评议团表决", current, acting_user=acting_user, after=_in_words(counts))
    return current


@dataclass(frozen=True)
class VoteShares:
    """Both rates and how many took part; none without its denominator."""

    with_fairly: Share
    only_satisfied: Share
    taking_part: Share


def shares_of(vote: PanelVote) -> VoteShares:
    return VoteShares(
        Share(vote.satisfied + vote.fairly, vote.cast),
        Share(vote.satisfied, vote.cast),
        Share(vote.cast, vote.size),
    )


def _in_words(counts: Counts) -> dict[str, int]:
    words = rules().panel.choices
    return {
        "评议团人数": counts.size,
        words.satisfied: counts.satisfied,
        words.fairly: counts.fairly,
        words.unsatisfied: counts.unsatisfied,
    }


def _refuse_too_many(counts: Counts) -> None:
    cast = counts.satisfied + counts.fairly + counts.unsatisfied
    if cast > counts.size:
        raise Refused(f"票数合计{cast}，多于评议团{counts.size}人", "请核对现场记录。")
    if not counts.size:
        raise Refused("没有填写评议团人数", "请填写到场的评议团人数。")


def _refuse_own(user: User, unit: Department) -> None:
    if belongs_to(user, unit.pk):
        raise Refused("不能录入对本单位的表决", "请由其他单位的人员录入。")


def _said(text: str, what: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise Refused(f"没有填写{what}", "请补填后再提交。")
    return said
