"""Call the scoring core with stored facts; the outcome is the same every time."""

from __future__ import annotations

from typing import Any

from evaluations.models import Result, SchemeVersion
from evaluations.schemes.stored import policy_of
from evaluations.scoring import InvalidInputError, score_facts
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
    """Return where a stored result differs from what the same facts give now; empty where nothing differs."""
    try:
        fresh = judge(result.scheme_version, result.facts)
    except Refused as refusal:
        return [str(refusal)]
    return list(_compared(result.outcome, fresh, "结果"))


def _compared(stored: Any, fresh: Any, path: str) -> list[str]:
    if isinstance(stored, dict) and isinstance(fresh, dict):
        keys = list(dict.fromkeys([*stored, *fresh]))
        return [line for key in keys for line in _compared(stored.get(key), fresh.get(key), f"{path}.{key}")]
    if isinstance(stored, list) and isinstance(fresh, list) and len(stored) == len(fresh):
        pairs = enumerate(zip(stored, fresh, strict=True))
        return [line for at, (one, other) in pairs for line in _compared(one, other, f"{path}.{at}")]
    return [] if stored == fresh else [f"{path}：存档 {stored}，重算 {fresh}"]
