"""What differs between two versions of a scheme, in words: readings, options, steps, groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evaluations.models import SchemeVersion
from evaluations.schemes.stored import policy_of
from evaluations.scoring.loading import Policy
from office.definitions.faults import InvalidInputError


def changes_between(old: SchemeVersion, new: SchemeVersion) -> list[str]:
    if old.sha256 == new.sha256:
        return []
    try:
        before = policy_of(old)
    except InvalidInputError:
        return ["上一轮的方案文本，本系统现在的版本已不能读取，请对照原文核对"]
    after = policy_of(new)
    found = [*_readings(before, after), *_options(before, after), *_steps(before, after)]
    groups = (before.defaults.subjects.groups, after.defaults.subjects.groups)
    found += _names("分组", *({key: one.label for key, one in of.items()} for of in groups))
    return found or ["方案文本有改动，计分步骤、口径和分组没有变化"]


def _readings(before: Policy, after: Policy) -> Iterator[str]:
    old = {one.id: one for one in before.readings}
    new = {one.id: one for one in after.readings}
    for key, one in new.items():
        if key not in old:
            yield f"新增口径{key}：{one.answer}"
        elif (one.question, one.answer) != (old[key].question, old[key].answer):
            yield f"口径{key}改为“{one.answer}”，原为“{old[key].answer}”"
    yield from (f"取消口径{key}：{one.answer}" for key, one in old.items() if key not in new)


def _options(before: Policy, after: Policy) -> Iterator[str]:
    yield from _names(
        "可选口径",
        {name: one.label for name, one in before.options.items()},
        {name: one.label for name, one in after.options.items()},
    )
    for name in before.options.keys() & after.options.keys():
        old, new = before.options[name], after.options[name]
        if old.default != new.default:
            yield f"“{new.label}”的默认值改为{new.in_words(new.default)}，原为{old.in_words(old.default)}"


def _steps(before: Policy, after: Policy) -> Iterator[str]:
    old = {one.id: one for one in before.defaults.steps}
    new = {one.id: one for one in after.defaults.steps}
    labels: tuple[dict[str, Any], ...] = tuple(
        {key: one.label for key, one in of.items()} for of in (old, new)
    )
    yield from _names("计分步骤", *labels)
    for key in (key for key in new if key in old and new[key] != old[key]):
        yield f"计分步骤“{new[key].label}”有改动"


def _names(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if added := [str(label) for key, label in new.items() if key not in old]:
        yield f"新增{what}：{'、'.join(added)}"
    if gone := [str(label) for key, label in old.items() if key not in new]:
        yield f"取消{what}：{'、'.join(gone)}"
