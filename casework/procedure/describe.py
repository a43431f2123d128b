"""Says in Chinese what a procedure holds: every id with its label, every limit, every source."""

from collections.abc import Iterable, Iterator

from casework.procedure.form import Procedure
from casework.procedure.officers import OfficerRules
from casework.procedure.parts import CallBack, ClockRule, Evidence, IntakeField, Late, Provision, Time
from casework.procedure.words import (
    EVENT_LABELS,
    PARTY_LABELS,
    RATE_LABELS,
    STAGE_LABELS,
    TRACE_LABELS,
    Party,
)
from office.calendar.deadlines import Ends

FIELD_TYPES = {
    "line": "一行文字",
    "text": "多行文字",
    "number": "数字",
    "choice": "选择",
    "date": "日期",
    "yes_no": "是否",
}
MEANINGS = {"kind": "表示事项的种类", "lateness": "表示逾期程度", "state": "表示办理状态"}
ANONYMOUS = {"accepted": "受理匿名", "refused": "不受理匿名"}
NEEDS = {"law": "须写明条款", "countersign": "须会签"}


def describe(procedure: Procedure) -> str:
    lines = [f"{procedure.id}　{procedure.title}", *_document(procedure)]
    for title, found in parts_of(procedure):
        lines += ["", title, *(f"  {line}" for line in found)]
    return "\n".join(lines) + "\n"


def _document(procedure: Procedure) -> Iterator[str]:
    source = procedure.document
    yield f"依据　《{source.title}》{source.number or ''}　{source.issuer}　{source.date}"
    if source.missing:
        yield f"　　　{source.missing}"
    yield f"名称　{procedure.desk}　{procedure.office}　编号前缀 {procedure.prefix}"
    yield f"要求　{'、'.join(procedure.requirements)}"


def parts_of(procedure: Procedure) -> list[tuple[str, list[str]]]:
    """Return the titled lists of lines that have anything."""
    intake = procedure.intake
    found: list[tuple[str, Iterable[str]]] = [
        ("受理", [_with_source(ANONYMOUS[intake.anonymous], intake)]),
        ("来源 channels", _channels(procedure)),
        ("登记项目 fields", (_field(one) for one in intake.fields)),
        ("不予受理事由 refusals", (_named(one.id, one.label, one) for one in intake.refusals)),
        ("应当受理", (_with_source(one.label, one) for one in intake.accept_anyway)),
        (f"{procedure.categories.label} categories", _categories(procedure)),
        ("环节 stages", _stages(procedure)),
        ("时限 clocks", (clock_in_words(procedure, one) for one in procedure.clocks)),
        ("规则", _rules(procedure)),
        ("回访问题 questions", _questions(procedure.call_back)),
        ("是否属实 findings", (_named(one.id, one.label, one) for one in procedure.findings)),
        ("原因类别", procedure.causes),
        ("办理结果 outcomes", _outcomes(procedure)),
        ("统计 figures", _figures(procedure)),
        ("首席服务官 officers", _officers(procedure.officers)),
        ("可以提出的台账记录 evidence", (_evidence(procedure, one) for one in procedure.evidence)),
    ]
    listed = [(title, list(lines)) for title, lines in found]
    return [(title, lines) for title, lines in listed if lines]


def source_of(provision: Provision) -> str:
    """Say where a rule comes from; 默认口径 is ours and a county may change it."""
    return f"［{provision.source}{'　默认口径' if provision.reading else ''}］"


def _with_source(words: str, provision: Provision) -> str:
    return f"{words}　{source_of(provision)}{provision.says}"


def _named(name: str, label: str, provision: Provision) -> str:
    return _with_source(f"{name}　{label}", provision)


def who(parties: Iterable[Party]) -> str:
    return "、".join(PARTY_LABELS[one] for one in parties)


def span_in_words(time: Time) -> str:
    midnight = "（至24时）" if time.ends == Ends.CITIZEN else ""
    return f"{time.span}{midnight}"


def _channels(procedure: Procedure) -> Iterator[str]:
    for name, label in procedure.intake.channels.items():
        yield f"{name}　{label}{'　公众可用' if name in procedure.intake.public_channels else ''}"


def _field(field: IntakeField) -> str:
    said = [f"{field.id}　{field.label}", FIELD_TYPES[field.type]]
    said += ["、".join(field.choices)] if field.choices else []
    said += ["必填"] if field.required else []
    said += ["公众填写"] if field.public else []
    said += [] if field.to_unit else ["承办单位不可见"]
    return "　".join(said)


def _categories(procedure: Procedure) -> Iterator[str]:
    rule = procedure.categories
    rises = "，逾期升一级" if rule.rises_when_late else ""
    yield _with_source(f"{MEANINGS[rule.meaning]}{rises}", rule)
    for one in rule.items:
        usual = "（研判前）" if one.id == procedure.first_category else ""
        yield _named(one.id, f"{one.label}{usual}", one)


def _stages(procedure: Procedure) -> Iterator[str]:
    for one in procedure.stages:
        then = "、".join(STAGE_LABELS[stage] for stage in one.then)
        yield _named(
            one.stage, f"{STAGE_LABELS[one.stage]}　{who(one.who)}" + (f"　→ {then}" if then else ""), one
        )


def clock_in_words(procedure: Procedure, rule: ClockRule) -> str:
    """Say a limit in one line: from what to what, how long, what stops it, what follows when it is late."""
    ends = "、".join(EVENT_LABELS[end] for end in rule.ends)
    said = [
        f"{rule.id}　{rule.label}",
        f"自{EVENT_LABELS[rule.begins]}至{ends}",
        limits_in_words(procedure, rule),
    ]
    said += ["补正期间停计"] if rule.stops else []
    said += ["转办不重新起算"] if rule.keeps_running else []
    said += ["没有后续事项的不起算"] if rule.only_with_follow_up else []
    said += ["逾期视为受理"] if rule.expiry_accepts else []
    said += [f"{'、'.join(f'{share}%' for share in rule.remind_at)} 时提醒"] if rule.remind_at else []
    said += late_in_words(rule.late)
    return _with_source("　".join(said), rule)


def limits_in_words(procedure: Procedure, rule: ClockRule) -> str:
    if rule.limit:
        return span_in_words(rule.limit)
    return "、".join(
        f"{procedure.category(name)} {span_in_words(time)}" for name, time in rule.limits.items()
    )


def late_in_words(late: Late) -> list[str]:
    named = (("催办", late.chase), ("督办", late.supervise), ("提交领导小组", late.leading_group))
    said = [f"逾期{f'{days}个工作日' if days else '即'}{act}" for act, days in named if days is not None]
    return [*said, "逾期升一级"] if late.rise else said


def _rules(procedure: Procedure) -> Iterator[str]:
    for title, rule, more in rules_of(procedure):
        yield _with_source(f"{title}{'，' if more else ''}{more}", rule)


def rules_of(procedure: Procedure) -> Iterator[tuple[str, Provision, str]]:
    """Yield the rules beside stages and clocks: title, rule, its figures in words."""
    titled: list[tuple[str, Provision | None]] = [
        ("交办对象", procedure.assigning),
        ("补正", procedure.supplement),
        ("延期", procedure.extension),
        ("退回", procedure.hand_back),
        ("重复反映", procedure.repeats),
        ("重办", procedure.reopening),
        ("复核", procedure.review),
        ("移送", procedure.transfer),
        ("撤回", procedure.withdrawal),
        ("回访", procedure.call_back),
        ("监督评议牌", procedure.plates),
        ("可见范围", procedure.visibility),
    ]
    figures = {**_figures_of_handling(procedure), **_figures_of_ends(procedure)}
    for title, rule in titled:
        if rule is not None:
            yield title, rule, figures.get(title, "")


def _figures_of_handling(procedure: Procedure) -> dict[str, str]:
    found: dict[str, str] = {}
    if rule := procedure.assigning:
        found["交办对象"] = "不交给所涉单位" if rule.never_to_the_unit else ""
    if supplement := procedure.supplement:
        until = f"，{span_in_words(supplement.answer_within)}内答复" if supplement.answer_within else ""
        found["补正"] = f"{supplement.times} 次{until}"
    if extension := procedure.extension:
        clocks = "、".join(procedure.clock(name).label for name in extension.clocks)
        found["延期"] = f"{clocks}各 {extension.times} 次，{who(extension.granted_by)}同意"
    if back := procedure.hand_back:
        found["退回"] = f"{span_in_words(back.within)}内，超过 {back.times} 次提交{PARTY_LABELS[back.then]}"
    if repeats := procedure.repeats:
        found["重复反映"] = f"{repeats.within_days} 日内"
    return found


def _figures_of_ends(procedure: Procedure) -> dict[str, str]:
    found = {"可见范围": f"同一处满 {procedure.visibility.place_sums_from} 件才统计"}
    if reopening := procedure.reopening:
        found["重办"] = f"{reopening.times} 次"
    if review := procedure.review:
        asked, decided = span_in_words(review.ask_within), span_in_words(review.decide_within)
        found["复核"] = f"{asked}内申请，{decided}内决定"
    if transfer := procedure.transfer:
        found["移送"] = f"{'、'.join(transfer.to.values())}"
    if call := procedure.call_back:
        found["回访"] = f"{call.tries} 次、{call.on_days} 日"
    if plates := procedure.plates:
        found["监督评议牌"] = f"{plates.change_after_months} 个月更换"
    return found


def _officers(rules: OfficerRules | None) -> Iterator[str]:
    if rules is None:
        return
    yield _with_source("覆盖范围", rules)
    for one in rules.kinds:
        yield _named(one.id, f"{one.label}{'，须有统一社会信用代码' if one.has_code else ''}", one)
    links, visits, over = rules.links, rules.visits, rules.over_visiting
    yield _with_source(
        f"挂联，每人最多 {links.objects_each} 个，每个对象 {links.officers_each} 人，"
        f"{span_in_words(links.handover)}内接任",
        links,
    )
    entered = span_in_words(visits.entered_within)
    yield _with_source(f"走访，每季度 {visits.a_quarter} 次，{entered}内录入", visits)
    yield _with_source(f"频繁走访，当月第 {over.reason_from} 次起写明理由", over)
    asked = rules.asked
    yield _with_source(f"会见人员 {'、'.join(one.label for one in asked.met)}", asked)
    yield f"询问内容 {'、'.join(one.label for one in asked.topics)}"
    yield f"困难程度 {'、'.join(one.label for one in asked.levels)}"
    within = span_in_words(rules.problems.report_within)
    yield _with_source(f"问题，来源 {rules.problems.channel}，{within}内上报", rules.problems)


def _questions(rule: CallBack | None) -> Iterator[str]:
    for one in rule.questions if rule else ():
        yield f"{one.id}　{one.label}" + (f"　{'、'.join(one.choices)}" if one.choices else "")


def _outcomes(procedure: Procedure) -> Iterator[str]:
    for one in procedure.outcomes:
        said = [f"{one.id}　{one.label}", "计入解决" if one.solved else "不计入解决"]
        said += [NEEDS[need] for need in one.needs]
        yield _with_source("　".join(said), one)


def _figures(procedure: Procedure) -> Iterator[str]:
    for one in procedure.figures:
        of = f"　{'、'.join(procedure.clock(name).label for name in one.counts)}" if one.counts else ""
        yield _named(one.id, f"{one.label}　{RATE_LABELS[one.rate]}{of}", one)


def _evidence(procedure: Procedure, rule: Evidence) -> str:
    findings = [one.label for one in procedure.findings if one.id in rule.findings]
    outcomes = [one.label for one in procedure.outcomes if one.id in rule.outcomes]
    fields = [answer for answers in rule.fields.values() for answer in answers]
    clocks = [f"{procedure.clock(name).label}逾期" for name in rule.clocks]
    when = [findings, outcomes, clocks, [TRACE_LABELS[trace] for trace in rule.traces], fields]
    said = "，且".join("或".join(names) for names in when if names)
    return _with_source(f"{rule.scheme}　{rule.rule}　{said}", rule)
