"""A county of realistic size for the benchmarks: the roster workbook, one round, counts drawn by a seed.

The counts are skewed as in life: some persons meet many voters, some hardly any.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from evaluations import services
from evaluations.models import Result, Round
from evaluations.polling.questionnaire import role_of_kind
from evaluations.results import recompute as judgement
from evaluations.results.facts import sections_of
from evaluations.schemes.stored import scheme_of
from office.models import User
from office.roles import Role

ROSTER = Path(__file__).resolve().parents[2] / "tests" / "data" / "roster.xlsx"
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WORDS = ("满意", "比较满意", "基本满意", "不满意", "不了解情况")
SHARES = {"民营企业": 0.5, "个体工商户": 0.4, "非民营企业": 0.1}


def users() -> dict[Role, User]:
    """One user per role that a round needs."""
    return {
        role: User.objects.get_or_create(username=f"bench-{role}", defaults={"role": role})[0]
        for role in (Role.CENTRE_OPERATOR, Role.CENTRE_REVIEWER)
    }


def ready_to_publish(*, persons_public: str = "top_grades", seed: int = 1, answers: int = 42) -> Round:
    """A round with a signed-off result and its appeals ended; `answers` is the mean per person."""
    call_command("import_roster", str(ROSTER), verbosity=0)
    return ready_with(persons_public=persons_public, seed=seed, answers=answers)


def ready_with(*, persons_public: str, seed: int = 1, answers: int = 42) -> Round:
    """The same of whoever stands in the list."""
    people = users()
    version = next(one for one in services.load_schemes() if one.scheme_id == "yuncheng-2023")
    round_ = services.create_round(
        title=f"{settings.COUNTY_NAME}2026年第三季度“三亮”评价",
        period="2026-Q3",
        scheme_version=version,
        base_date=date(2026, 9, 1),
        persons_public=persons_public,
        persons_public_decision="示政办〔2026〕1号",
        options={},
        acting_user=people[Role.CENTRE_OPERATOR],
    )
    round_ = services.freeze_subjects(round=round_, acting_user=people[Role.CENTRE_OPERATOR])
    facts = drawn_facts(round_, random.Random(seed), answers)  # noqa: S311 - drawn for a benchmark
    Result.objects.create(
        round=round_,
        scheme_version=version,
        facts=facts,
        outcome=judgement.judge(version, facts),
        computed_by=people[Role.CENTRE_OPERATOR],
        computed_at=NOW,
        signed_off_by=people[Role.CENTRE_REVIEWER],
        signed_off_at=NOW,
    )
    Round.objects.filter(pk=round_.pk).update(state=Round.State.APPEALS_ENDED)
    return Round.objects.get(pk=round_.pk)


def drawn_facts(round_: Round, chance: random.Random, answers: int) -> dict[str, Any]:
    """Facts of the frozen list with drawn answers."""
    scheme = scheme_of(round_)
    subjects = {}
    for row in round_.departments.prefetch_related("members"):
        judged = [member for member in row.members.all() if member.is_judged]
        level = chance.uniform(0.35, 0.85)
        members = {}
        for member in judged:
            role = role_of_kind(scheme, member.kind)
            facts: dict[str, Any] = {"name": member.name, "role": role, "section": f"s{member.section_id}"}
            if role not in ("principal_leader", "supervising_leader"):
                facts |= _answers(chance, level, answers)
            members[f"p{member.staff_member_id}"] = facts
        subjects[f"d{row.department_id}"] = {
            "name": row.name,
            "group": row.peer_group,
            "sections": sections_of(judged),
            "members": members,
        }
    return {"scheme": scheme.id, "period": round_.period, "options": {}, "subjects": subjects}


def _answers(chance: random.Random, level: float, answers: int) -> dict[str, Any]:
    own = min(max(chance.gauss(level, 0.12), 0.05), 0.97)
    n = int(chance.lognormvariate(0, 0.7) * answers * 0.8)
    by_stratum: dict[str, Any] = {}
    total = dict.fromkeys(WORDS, 0)
    for stratum, share in SHARES.items():
        counts = dict.fromkeys(WORDS, 0)
        weights = (own, (1 - own) * 0.55, (1 - own) * 0.28, (1 - own) * 0.17, 0.4)
        for word in chance.choices(WORDS, weights, k=round(n * share)):
            counts[word] += 1
            total[word] += 1
        by_stratum[stratum] = {"ballot": {"overall": counts}}
    return {"answers": {"ballot": {"overall": total}}, "answers_by_stratum": by_stratum}
