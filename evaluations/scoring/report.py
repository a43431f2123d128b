"""The outcome as an indented text tree, so that an official can trace every number to its clause."""

from collections.abc import Iterator
from typing import Any

from evaluations.scoring.consequences import TARGET_LABELS, points_in_words
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.loading import Policy
from evaluations.scoring.outcome import AddressedProposal, GradedResult, Outcome, Result, SubjectResult
from evaluations.scoring.texts import flag_in_words, withheld_in_words
from office.definitions.numbers import plain, shown


def as_text(policy: Policy, outcome: Outcome) -> str:
    return "\n".join(_lines(policy, outcome)) + "\n"


def derivation_lines(derivation: Derivation, places: int, depth: int = 0) -> Iterator[str]:
    value = "——" if derivation.exact is None else shown(derivation.exact, places)
    if derivation.exact is not None and shown(derivation.exact, places) != _padded(derivation, places):
        value += f"（未取整 {plain(derivation.exact)}）"
    readings = f"　口径 {'、'.join(derivation.readings)}" if derivation.readings else ""
    yield f"{'  ' * depth}{derivation.label}　{value}　［{derivation.clause}］{derivation.because}{readings}"
    for part in derivation.parts:
        yield from derivation_lines(part, places, depth + 1)


def option_lines(policy: Policy, options: dict[str, Any]) -> Iterator[str]:
    defaults = policy.default_options()
    for name, value in options.items():
        option = policy.options[name]
        changed = "（本轮选定）" if value != defaults[name] else ""
        yield f"{option.label}：{option.in_words(value)}{changed}"


def _padded(derivation: Derivation, places: int) -> str:
    """What ``shown`` returns if no digit was rounded away, else ""."""
    exact = derivation.exact
    return shown(exact, places) if exact is not None and (exact * 10**places).denominator == 1 else ""


def _lines(policy: Policy, outcome: Outcome) -> Iterator[str]:
    scheme = policy.defaults
    yield f"{scheme.title}　{outcome.period}"
    number = f"（{scheme.document.number}）" if scheme.document.number else ""
    yield f"依据　{scheme.document.title}{number}"
    yield f"方案　{outcome.scheme}　{outcome.scheme_sha256[:12]}"
    yield "口径"
    yield from (f"  {line}" for line in option_lines(policy, outcome.options))
    yield from (f"提示　{warning}" for warning in outcome.warnings)
    for subject in outcome.subjects.values():
        yield ""
        yield from _subject(policy, subject)
    for pool, found in outcome.lists.items():
        if found.best or found.worst:
            yield ""
            yield f"{pool}"
            yield f"  前列　{_names(outcome, found.best)}"
            yield f"  末位　{_names(outcome, found.worst)}"
            if found.to_confirm:
                yield f"  待确认　{_names(outcome, found.to_confirm)}"


def _names(outcome: Outcome, keys: list[str]) -> str:
    return "、".join(outcome.subjects[key].name for key in keys) or "无"


def _subject(policy: Policy, subject: SubjectResult) -> Iterator[str]:
    rank = f"　第 {subject.rank} 名（共 {subject.ranked_of}）" if subject.rank else ""
    yield f"■ {subject.name}　{_headline(policy, subject)}{rank}"
    yield from derivation_lines(subject.derivation, subject.places, 1)
    yield from _grade_and_consequences(policy, subject, 1)
    for figure in subject.beside.values():
        yield "  旁列"
        yield from derivation_lines(figure, subject.places, 2)
    for section in subject.sections.values():
        yield f"  · {section.name}　{_headline(policy, section)}"
        yield from derivation_lines(section.derivation, subject.places, 2)
    for member in subject.members.values():
        yield f"  · {member.name}　{_headline(policy, member)}"
        yield from derivation_lines(member.derivation, subject.places, 2)
        yield from _grade_and_consequences(policy, member, 2)


def _headline(policy: Policy, result: Result) -> str:
    if result.withheld:
        text = withheld_in_words(result.withheld, policy.defaults)
    else:
        exact = result.derivation.exact
        text = shown(exact, result.places) if exact is not None else ""
    grade = result.grade if isinstance(result, GradedResult) else None
    return f"{text}　{grade}" if grade else text


def _grade_and_consequences(policy: Policy, result: GradedResult, depth: int) -> Iterator[str]:
    indent = "  " * depth
    if result.grade_because:
        yield f"{indent}等次　{result.grade or '待确认'}　{result.grade_because}"
    for addressed in result.consequences:
        yield f"{indent}处置建议　{_consequence(addressed)}"
    for flag in result.flags:
        yield f"{indent}标记　{flag_in_words(flag, policy.defaults)}"


def _consequence(addressed: AddressedProposal) -> str:
    rule = addressed.proposal.rule
    targets = "、".join(TARGET_LABELS[target] for target in rule.targets)
    points = points_in_words(addressed.proposal)
    said = f"{rule.label}　［{rule.clause}］{addressed.proposal.because}　对象：{targets}"
    proposes = "、".join(rule.proposes)
    said += f"　建议：{proposes}" if proposes not in ("", rule.label) else ""
    return f"{said}　{points}" if points else said
