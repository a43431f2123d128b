"""Lists everything that facts may contain under a scheme: options, groups, roles, words and items."""

from collections.abc import Iterator

from evaluations.scoring.gathering import COUNTED
from evaluations.scoring.loading import Policy
from evaluations.scoring.measures import KIND_LABELS
from evaluations.scoring.scheme import Scheme
from evaluations.scoring.steps.step import MarkNeed, Needs, PlacementNeed
from evaluations.scoring.vocabulary import vocabulary
from office.definitions.numbers import plain, signed


def describe(policy: Policy) -> str:
    scheme = policy.defaults
    lines = [
        f"{scheme.id}　{scheme.title}",
        f"依据　{scheme.document.title}　{scheme.document.number or ''}".rstrip(),
    ]
    for title, found in (
        ("口径 options", _options(policy)),
        ("分组 group", (f"{key}　{group.label}" for key, group in scheme.subjects.groups.items())),
        ("人员类别 role", (f"{key}　{role.label}" for key, role in scheme.subjects.roles.items())),
        ("评价主体 respondents, answers_by_stratum", _strata(scheme)),
        *_evidence(scheme, vocabulary(scheme)),
        (
            "一票否决 vetoes",
            (f"{key}　{words}" for key, words in (scheme.veto.events if scheme.veto else {}).items()),
        ),
        ("等次 grade", scheme.grades.names() if scheme.grades else ()),
        (
            "推导步骤",
            (f"{step.id}　{step.label}　{step.kind}　［{step.clause}］{step.says}" for step in scheme.steps),
        ),
        ("取数 gathering", _gathering(scheme)),
        ("处置", (f"{one.id}　{one.label}　［{one.clause}］{one.says}" for one in scheme.consequences)),
        ("处置种类", _measures(scheme)),
        ("口径问答", _readings(policy)),
    ):
        if listed := list(found):
            lines += ["", title, *(f"  {line}" for line in listed)]
    return "\n".join(lines) + "\n"


def _gathering(scheme: Scheme) -> Iterator[str]:
    for rule in scheme.gathering:
        which = f"　{COUNTED[rule.counted]}" if rule.counted else ""
        yield f"{rule.need}　{'、'.join(rule.channels)}　［{rule.clause}］{rule.says}{which}"


def _measures(scheme: Scheme) -> Iterator[str]:
    for one in scheme.measures:
        who = f"由{'、'.join(one.decided_by)}决定" if one.decided_by else "本轮次的程序"
        lasts = f"，影响期 {one.effect_months} 个月" if one.effect_months else ""
        lasts += "，当年有效" if one.until_year_end else ""
        papers = "、".join(paper.label for paper in one.follow_ups)
        lasts += f"，交{papers}" if papers else ""
        yield f"{one.word}　{KIND_LABELS[one.kind]}　［{one.clause}］{who}{lasts}"


def _options(policy: Policy) -> Iterator[str]:
    for name, option in policy.options.items():
        yield f"{name}　{option.label}　默认：{option.in_words(option.default)}"
        yield from (f"  {choice}　{words}" for choice, words in option.choices.items())


def _strata(scheme: Scheme) -> Iterator[str]:
    if scheme.strata:
        yield from (f"{key}　{plain(share)}%" for key, share in scheme.strata.shares.items())


def _evidence(scheme: Scheme, words: Needs) -> Iterator[tuple[str, list[str]]]:
    for (level, source), need in words.answers.items():
        owner = {"subject": "answers", "member": "members.*.answers"}[level]
        lines = [f"{key}　{label}" for key, label in need.questions.items()]
        lines += ["（也可使用其他问题编号）"] if need.others else []
        scale = scheme.answer_scales[need.scale]
        lines += [f"答案　{word}　{plain(value)}" for word, value in scale.choices.items()]
        lines += [f"答案　{word}　不计" for word in scale.excluded]
        yield f"答卷 {owner}.{source}", lines
    yield "评分 marks", [line for key, need in words.marks.items() for line in _mark(key, need)]
    items = words.occurrences.items()
    optional = {True: "　可标明不适用", False: ""}
    yield "台账 occurrences", [f"{k}　{n.label}　{signed(n.points)}{optional[n.optional]}" for k, n in items]
    yield "条件 conditions", [f"{key}　{label}" for key, label in words.conditions.items()]
    yield "数据 measures", [f"{key}　{label}" for key, label in words.measures.items()]
    yield "方阵 placements", [_placement(key, need) for key, need in words.placements.items()]
    yield (
        "外部数据 external",
        [f"{key}　{one.label}　0–{plain(one.full)}" for key, one in words.external.items()],
    )


def _mark(key: str, need: MarkNeed) -> Iterator[str]:
    yield f"{key}　{need.label}　0–{plain(need.full)}"
    yield from (f"  {aspect}　0–{plain(full)}" for aspect, full in need.aspects.items())


def _placement(key: str, need: PlacementNeed) -> str:
    tiers = "、".join(
        f"{tier}：{plain(low)}–{plain(high)}" for tier, (low, high) in enumerate(need.tiers, start=1)
    )
    return f"{key}　{need.label}　tier {tiers}"


def _readings(policy: Policy) -> Iterator[str]:
    for reading in policy.readings:
        yield f"{reading.id}　［{reading.clause}］{reading.question}　{reading.answer}"
