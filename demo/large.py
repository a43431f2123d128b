"""20,000 firms with labels for the demo county, as registers of three offices bring them; all made up.

The same number gives the same firms. Codes carry a place that does not exist, names are numbers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from benefits.firms.labels import NO, YES
from benefits.firms.register_import import import_register
from benefits.matching.running import start_matching
from benefits.rules import Label, rules
from office.jobs import services as jobs
from office.models import User
from office.workbooks.credit_codes import check_character
from office.workbooks.writing import workbook

PLACE, SEED = "510899", 20_260
KNOWN = 0.7  # how often a register knows a label
TRUE = 0.3
CANCELLED = 0.02
OLDEST, DAYS = date(1998, 1, 1), 9_800
HEAD = ("企业名称", "统一社会信用代码", "状态")


def seed_large(count: int, today: date, user: User, say: Callable[[str], object]) -> dict[str, Any]:
    """Import the firms as a register of today and match them; a second time there is nothing to import."""
    known = rules()[1].labels.items
    say(f"{count} 家企业的名册")
    content = workbook("企业名册", [*HEAD, *(one.label for one in known)], rows(count))
    plan = import_register(content=content, file_name="示范名册.xlsx", listed_on=today, acting_user=user)
    say("匹配企业和事项")
    job = start_matching(today=today, acting_user=user)
    jobs.run(job.pk)
    job.refresh_from_db()
    return {**plan.counts(), **job.outcome}


def rows(count: int) -> Iterator[list[Any]]:
    """Rows of a register: name, code, state, and each label where it is known."""
    chance = random.Random(SEED)  # noqa: S311 - every demo is the same
    for number in range(1, count + 1):
        body = f"91{PLACE}DM{number:07d}"
        state = "注销" if chance.random() < CANCELLED else "存续"
        labels = [_value(one, chance) if chance.random() < KNOWN else "" for one in rules()[1].labels.items]
        yield [f"示范第{number}号有限公司", body + check_character(body), state, *labels]


def _value(label: Label, chance: random.Random) -> str:
    if label.type == "choice":
        return chance.choice(label.choices)
    if label.type == "yes_no":
        return YES if chance.random() < TRUE else NO
    if label.type == "date":
        return (OLDEST + timedelta(days=chance.randrange(DAYS))).isoformat()
    return str(int(chance.lognormvariate(3.5, 1.5)))
