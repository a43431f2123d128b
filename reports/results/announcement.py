"""What a published result says in words, the same on pages and in PDFs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from evaluations.models import Channel, Result, Round
from evaluations.publication import PublicView, Shown, grades_of, rules_of
from evaluations.publication.stored import from_plain, to_plain
from evaluations.publication.unit_parts import full_of
from evaluations.results.outcome import StoredOutcome
from evaluations.results.public import public_view_of
from evaluations.rounds import periods
from evaluations.schemes.stored import policy_of
from evaluations.scoring.loading import Policy
from evaluations.scoring.scheme import Scheme
from office.definitions.numbers import exact, plain
from reports.results.method import method_of
from surveys import queries

PERSONS = {
    "all": "本轮公布全部参评人员的评价结果。",
    "top_grades": "本轮只公布评定为{grades}等次的人员，其他人员的结果已送达本人。",
    "none": "本轮不公布个人评价结果，个人结果已送达本人。",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A gap of the policy and how this round reads it (口径)."""

    clause: str
    question: str
    answer: str
    chosen: tuple[str, ...]
    id: str = ""  # its number in the scheme; announcements stored before have none


@dataclass(frozen=True, slots=True)
class Note:
    """A change of published pages, for their readers."""

    on: date
    text: str


@dataclass(frozen=True, slots=True)
class Past:
    """What an earlier round of the scheme published of a unit; `publication` is its number on the site."""

    publication: int
    title: str
    period: str
    group: str
    score: str | None = None
    grade: str | None = None
    rank: int | None = None
    ranked_of: int = 0
    is_comparable: bool = True  # False where grades or scale of the scheme have changed since


@dataclass(frozen=True, slots=True)
class Facts:
    """When it was done and how many took part; what does not apply is None."""

    opened_on: date | None = None
    closed_on: date | None = None
    ballots: int | None = None
    spoiled: int | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """A result as it is announced: the public view with its title, dates, source and readings."""

    title: str
    period: str
    published_on: date
    number: int
    document: str
    view: PublicView
    readings: tuple[Reading, ...]
    about_persons: str
    decision: str
    reason: str = ""
    correction: str = ""
    """The number of the document that orders the correction of what was published before."""
    key_on_server: bool = False
    """The weaker way of keeping the tally key; said wherever a result shows."""
    explained: tuple[queries.Published, ...] = ()
    """Numbers of slips that did not add up, and who explained them."""
    uncounted: int = 0
    """How many numbers of slips nobody counted, so that nothing could be compared with them."""
    survey: str = ""
    """The public id of the survey, under which its box is posted."""
    notes: tuple[Note, ...] = ()
    """What changed on the pages since; no change goes without a dated note."""
    sources: tuple[str, ...] = ()
    """Where the parts of the score come from, for schemes that judge no persons."""

    facts: Facts = Facts()
    trend: Mapping[str, tuple[Past, ...]] = field(default_factory=dict)
    """What earlier rounds published of each unit, oldest first, as it stood on the day of publication."""
    grades: tuple[tuple[str, str], ...] = ()
    """From the best to the worst with lower bounds; empty where there is none or the page is from before."""
    scale: tuple[str, str] = ("0", "100")
    """The lowest and the highest score that charts draw."""
    method: Mapping[str, Any] = field(default_factory=dict)
    """How one scores (`reports.results.method`); empty for announcements from before."""
    intervals_public: bool = False
    """The round's wish; not kept by announcements from before, which have intervals or none."""
    persons_gone: bool = False
    """Whether persons were published and are shown no more."""

    @property
    def departments(self) -> int:
        return len(self.view.departments)

    @property
    def has_intervals(self) -> bool:
        return any(one.likely for one in self.view.departments)

    @property
    def says_how_sure(self) -> bool:
        """Whether the round says in public how sure its scores are, or of each why not."""
        return self.intervals_public or self.has_intervals

    @property
    def has_lines(self) -> bool:
        """Whether some interval is wide enough to be drawn."""
        return any(one.likely and one.likely.is_wide for one in self.view.departments)

    @property
    def shown_scores(self) -> tuple[Fraction, ...]:
        """Of units alone that are shown: a mean over more would give away what is withheld."""
        return tuple(exact(one.figure.score) for one in self.view.departments if one.figure.score)


def announce(
    result: Result,
    *,
    published_on: date,
    number: int = 1,
    earlier: Sequence[Shown] = (),
    decision: str = "",
    trend: Mapping[str, tuple[Past, ...]] | None = None,
) -> Announcement:
    """`earlier` are the round's earlier publications; `decision` allows to correct them.

    `trend` is what earlier rounds published.
    """
    round = result.round
    policy = policy_of(result.scheme_version)
    scheme = policy.decide(round.options)
    return Announcement(
        title=round.title,
        period=periods.in_words(round.period),
        published_on=published_on,
        number=number,
        document=_document(scheme),
        view=public_view_of(result, earlier=earlier, likely=round.intervals_public),
        readings=_readings(policy, StoredOutcome.of(result).options),
        about_persons=_about_persons(round, scheme),
        decision=round.persons_public_decision,
        reason=result.reason if number > 1 else "",
        correction=decision,
        sources=() if scheme.judges_persons else tuple(_sources(round, scheme)),
        facts=_facts(round),
        trend=trend or {},
        grades=tuple((name, _plain(lower)) for name, lower in grades_of(scheme)),
        scale=_scale(scheme),
        method=method_of(policy, round.options),
        intervals_public=round.intervals_public,
        **_about_the_box(round),
    )


def _plain(bound: Fraction | None) -> str:
    return "" if bound is None else plain(bound)


def _scale(scheme: Scheme) -> tuple[str, str]:
    """What voters can give persons; a unit's full marks otherwise."""
    if scheme.judges_persons:
        rules = rules_of(scheme)
        return plain(rules.lowest), plain(rules.highest)
    full = full_of(scheme, scheme.step(scheme.score.subject))
    return "0", plain(full or Fraction(100))


def _facts(round: Round) -> Facts:
    counted = queries.counted(round.survey.public_id) if round.survey else None
    return Facts(
        opened_on=round.opened_on,
        closed_on=round.closed_on,
        ballots=counted.valid if counted else None,
        spoiled=counted.spoiled if counted else None,
    )


def kept(announcement: Announcement) -> dict[str, Any]:
    """The announcement as plain values, stored at publication; notes come later and are kept beside it."""
    found = asdict(announcement) | {"view": to_plain(announcement.view)}
    found["published_on"] = announcement.published_on.isoformat()
    found["explained"] = [one | {"on": one["on"].isoformat()} for one in found["explained"]]
    found["facts"] |= {name: _iso(found["facts"][name]) for name in ("opened_on", "closed_on")}
    del found["notes"]
    return found


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _facts_from(kept: Mapping[str, Any]) -> Facts:
    days = {name: kept[name] and date.fromisoformat(kept[name]) for name in ("opened_on", "closed_on")}
    return Facts(**{**kept, **days})


def restored(stored: Mapping[str, Any], notes: Sequence[Mapping[str, str]] = ()) -> Announcement:
    readings = (Reading(**{**one, "chosen": tuple(one["chosen"])}) for one in stored["readings"])
    explained = (
        queries.Published(**{**one, "on": date.fromisoformat(one["on"])}) for one in stored["explained"]
    )
    return Announcement(
        **{
            **stored,
            "published_on": date.fromisoformat(stored["published_on"]),
            "view": from_plain(stored["view"]),
            "readings": tuple(readings),
            "explained": tuple(explained),
            "sources": tuple(stored.get("sources", ())),
            "facts": _facts_from(stored["facts"]) if "facts" in stored else Facts(),
            "trend": {
                key: tuple(Past(**one) for one in rows) for key, rows in stored.get("trend", {}).items()
            },
            "grades": tuple((name, lower) for name, lower in stored.get("grades", ())),
            "scale": tuple(stored.get("scale", ("0", "100"))),
            "notes": tuple(Note(date.fromisoformat(one["on"]), one["text"]) for one in notes),
        }
    )


def _document(scheme: Scheme) -> str:
    number = f"（{scheme.document.number}）" if scheme.document.number else ""
    return f"《{scheme.document.title}》{number}"


def _readings(policy: Policy, chosen: Mapping[str, Any]) -> tuple[Reading, ...]:
    def in_words(name: str) -> str:
        option = policy.options[name]
        return f"{option.label}：{option.in_words(chosen[name])}"

    return tuple(
        Reading(
            clause=one.clause,
            question=one.question,
            answer=one.answer,
            chosen=tuple(in_words(name) for name in one.options),
            id=one.id,
        )
        for one in policy.readings
    )


def _sources(round: Round, scheme: Scheme) -> Iterator[str]:
    """Each part with its channel and who gave it; a channel that was set aside, with the reason."""
    channels = {one.need: one for one in round.channels.all()}
    for need, rule in scheme.needs():
        channel = channels.get(need.key)
        if channel is None:
            continue
        who = f"（来自{rule.who}）" if rule and rule.who else ""
        if channel.state == Channel.State.SET_ASIDE:
            yield f"{need.label}：本轮不采用（{channel.set_aside_reason}）"
        else:
            yield f"{need.label}：{channel.get_kind_display()}{who}"


def _about_persons(round: Round, scheme: Scheme) -> str:
    if not scheme.judges_persons:
        return ""
    rules = rules_of(scheme)
    grades = "、".join(name for name, _ in rules.grades if name in rules.named_grades)
    return PERSONS[round.persons_public].format(grades=grades)


def _about_the_box(round: Round) -> dict[str, Any]:
    survey = round.survey
    if survey is None:  # scored from other evidence
        return {}
    return {
        "key_on_server": survey.key_on_server,
        "explained": tuple(queries.published_explanations(survey)),
        "uncounted": queries.uncounted(survey),
        "survey": survey.public_id,
    }
