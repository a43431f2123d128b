"""Call the scoring core with stored facts; the outcome is the same every time."""

from __future__ import annotations

from typing import Any

from evaluations.models import Result, SchemeVersion
from evaluations.schemes.stored import policy_of
from evaluations.scoring import InvalidInputError, disagreements, score_facts
from office.errors import Refused


def judge(version: SchemeVersion, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the outcome of `facts` in the form in which it is stored."""
    policy = policy_of(version)
    try:
        return score_facts(policy, facts)
    except InvalidInputError as invalid:
        faults = [str(fault) for fault in invalid.faults]
        raise Refused(
            "评价事实与评价方案不符，不能计算结果", "请联系系统管理员核对：", faults=faults
        ) from invalid


def differences(result: Result) -> list[str]:
    """Return where a stored result differs from what the same facts give now; empty where nothing differs.

    A result of another version of the engine is compared without its words.
    """
    try:
        fresh = judge(result.scheme_version, result.facts)
    except Refused as refusal:
        return [str(refusal)]
    return disagreements(result.outcome, fresh)
