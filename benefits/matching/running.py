"""Match every item in force with every firm: a job that goes on where it was interrupted (GY-R16)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.db import transaction

from benefits.matching.conditions import Matchable, matchable
from benefits.matching.writing import write_matches
from benefits.models import Firm, Match
from office import audit, roles
from office.errors import Refused
from office.jobs import services as jobs
from office.models import Job, User

KIND = "benefits.match"
FIRMS_AT_ONCE = 500
WORKING = (Job.State.QUEUED, Job.State.RUNNING)


@transaction.atomic
def start_matching(*, today: date, acting_user: User) -> Job:
    roles.require(acting_user, "benefit.match")
    if Job.objects.filter(kind=KIND, state__in=WORKING).exists():
        raise Refused("正在匹配，尚未结束", "请等这一次匹配完成。")
    items = len(matchable(today))
    if not items:
        raise Refused("没有可以匹配的事项", "请先发布用标签写明条件的事项。")
    job = jobs.enqueue(KIND, {"today": today.isoformat()}, acting_user=acting_user)
    audit.record("匹配企业和事项", job, acting_user=acting_user, after={"事项": items})
    return job


def last_run() -> Job | None:
    return Job.objects.filter(kind=KIND).order_by("-pk").first()


@jobs.handles(KIND, "匹配企业和事项")
def match_all(arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Some firms at a time, each time with a note how far it is, written in the same transaction."""
    items = matchable(date.fromisoformat(arguments["today"]))
    keys = sorted(one.key for one in items)
    noted = Job.objects.get(pk=progress.job_id).outcome
    if noted.get("items") != keys:  # nothing done yet, or an item came or went since
        noted = {"items": keys, "last": 0, "done": 0, "said": {}}
        Match.objects.exclude(version__in=keys).delete()
    total = Firm.objects.count()
    while some := _match_some(noted, items, progress):
        noted = some
        progress(noted["done"], total, "正在匹配")
    said = noted["said"]
    return {
        "事项": len(items),
        "企业": noted["done"],
        "符合": said.get("yes", 0),
        "可能符合": said.get("unknown", 0),
        "不符合": said.get("no", 0),
    }


@transaction.atomic
def _match_some(
    noted: dict[str, Any], items: list[Matchable], progress: jobs.Progress
) -> dict[str, Any] | None:
    """A firm that answers at this moment waits, so that no older answer is written over its own."""
    rows = Firm.objects.select_for_update(no_key=True).filter(pk__gt=noted["last"]).order_by("pk")
    firms = list(rows.values_list("pk", "is_cancelled")[:FIRMS_AT_ONCE])
    if not firms:
        return None
    said = Counter(noted["said"]) + write_matches(firms, items)
    after = {**noted, "last": firms[-1][0], "done": noted["done"] + len(firms), "said": dict(said)}
    progress.write_outcome(after)
    return after
