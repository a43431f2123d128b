"""Closing and computing rounds of 112 units: 60,000 ballots about them, 5,000 occurrences in their ledger.

    PYTHONPATH=. .venv/bin/python benchmarks/rounds.py [units] [ballots] [occurrences]

Two rounds through the services that the pages call: 舞阳 with a ballot, 吉林 with a ledger and four panels of
thirty. The tally itself is `tally.py`: here the counts come signed from the custodian, and the ballots are as
long as real ones without being any. Processor time; the ratio is to the bare scoring of the same facts.
"""

# ruff: noqa: PLC0415, S311 - Django must be set up before anything of it is imported; nothing drawn is secret

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluations.models import Channel, Round
    from office.models import User
    from surveys.models import Survey
    from tests.evaluations.units import UnitsCounty

PANEL = 30
GROUPS = ("行政执法", "公共服务", "党群综合", "乡镇")


def main() -> None:
    units, ballots, occurrences = [*map(int, sys.argv[1:]), *(112, 60_000, 5_000)[len(sys.argv) - 1 :]]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        os.environ |= {"DEBUG": "1", "KEYS_DIR": f"{folder}/keys"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        with redirect_stdout(sys.stderr):
            call_command("migrate", verbosity=0)
            found = by_ballot(units, ballots), by_ledger(units, occurrences)
        for lines in found:
            print("\n".join(lines))
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of the processor and of the clock."""
    began, spent = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - spent, time.perf_counter() - began


def line(name: str, spent: tuple[float, float], bare: float = 0) -> str:
    ratio = f", {spent[0] / bare:.1f} × the bare scoring" if bare else ""
    return f"  {name}: {spent[0]:.2f} s of the processor, {spent[1]:.2f} s by the clock{ratio}"


def bare(round_: Round) -> float:
    from evaluations.models import Result
    from evaluations.schemes.stored import policy_of
    from evaluations.scoring import facts_from, score_round

    policy = policy_of(round_.scheme_version)
    facts = facts_from(Result.objects.get(round=round_).facts, policy)
    return min(timed(lambda: score_round(policy, facts))[0] for _ in range(3))


# --- A ballot about units ---------------------------------------------------------------------------


def by_ballot(units: int, ballots: int) -> list[str]:
    from office.jobs import services as jobs
    from office.models import Job
    from tests.evaluations.county import fresh
    from tests.evaluations.units import UnitsCounty

    shares = [[f"第{number}参评单位" for number in range(first, units, 4)] for first in range(4)]
    county = UnitsCounty("wuyang-units-2022", dict(zip(GROUPS, map(tuple, shares), strict=True)))
    county.create(channels={"answers.ballot": "ballot"})
    county.prepare(ballots)
    county.open()
    survey = county.round.survey
    assert survey is not None  # noqa: S101 - it was just opened
    cast(survey, ballots)
    closing = timed(county.close)
    job = Job.objects.get(kind="surveys.bundle")
    writing = timed(lambda: jobs.run(job.pk))
    county.round = fresh(county.round)
    counts = drawn_counts(survey, random.Random(7))
    taking = timed(lambda: take(county, counts))
    computing = timed(county.compute)
    alone = bare(county.round)
    return [
        f"舞阳, {units} units, {ballots} ballots",
        line("closing the box", closing),
        line("writing the bundle (by a job)", writing),
        line("taking in the counts", taking),
        line("computing", computing, alone),
        f"  bare scoring: {alone * 1000:.0f} ms",
    ]


def cast(survey: Survey, number: int) -> None:
    """As many rows as voters would leave, as long as theirs."""
    from surveys.ballots.sealing import Layout
    from surveys.models import Ballot, Slip, SlipBatch

    SlipBatch.objects.filter(survey=survey).update(handed_out=500)
    Slip.objects.filter(batch__survey=survey).update(state=Slip.State.REDEEMED)
    stratum, length = survey.strata.get(), Layout.of(survey.frozen()["form"]).sealed_length
    Ballot.objects.bulk_create(
        (
            Ballot(
                stratum=stratum,
                credential=os.urandom(32),
                prefix=os.urandom(32),
                signature=os.urandom(256),
                seq=number,
                sealed=os.urandom(length),
                credential_signature=os.urandom(64),
            )
            for _ in range(number)
        ),
        batch_size=2000,
    )


def drawn_counts(survey: Survey, chance: random.Random) -> bytes:
    """What a custodian would hand in, with drawn answers."""
    from surveys.ballots import forms, keyfile, signing
    from surveys.ballots.bundle import Bundle
    from surveys.ballots.counting import Count, counts_file
    from surveys.box import bundles
    from tests.evaluations.county import PASSPHRASE

    survey.refresh_from_db()
    bundle = Bundle(bundles.path_of(survey))
    private = keyfile.unlock(survey.tally_key_file, PASSPHRASE)
    (key,) = bundle.key_ids
    empty = Count(counted={key: bundle.size})  # type: ignore[arg-type] # a counter's own numbers
    found = counts_file(bundle, empty)
    for subjects in found["strata"]:
        for questions in subjects["answers"].values():
            for numbers in questions.values():
                left = bundle.size
                for word in list(numbers)[:-1]:
                    numbers[word] = chance.randrange(left // 2 + 1)
                    left -= numbers[word]
                numbers[list(numbers)[-1]] = left
    unknown = forms.unknown_word(bundle.public["form"])
    found["touched"] = {
        unit: max(bundle.size - numbers[unknown] for numbers in questions.values())
        for unit, questions in found["strata"][0]["answers"].items()
    }
    return json.dumps(signing.signed(found, private, bundle.public)).encode()


def take(county: UnitsCounty, content: bytes) -> None:
    from evaluations import services

    services.import_counts(round=county.round, content=content, acting_user=county.users["inspectorate"])


# --- A ledger and panels ----------------------------------------------------------------------------


def by_ledger(units: int, occurrences: int) -> list[str]:
    from departments.models import Department
    from evaluations import services
    from evaluations.models import Channel, Round
    from evaluations.schemes.groups import groups_of
    from office.models import User

    operator = User.objects.get(username="centre_operator")
    reviewer = User.objects.get(username="centre_reviewer")
    Department.objects.update(is_active=False)
    (version,) = [one for one in services.load_schemes() if one.scheme_id == "jilin-jkq-2021"]
    groups = list(groups_of(version).groups)
    Department.objects.bulk_create(
        Department(name=f"区第{number}单位", peer_group=groups[number % len(groups)])
        for number in range(units)
    )
    made = services.create_round(
        title="2021年考核评价",
        period="2021",
        scheme_version=version,
        base_date=date(2021, 12, 31),
        persons_public="none",
        persons_public_decision="",
        acting_user=operator,
    )
    services.freeze_subjects(round=made, acting_user=operator)
    today = date(2022, 1, 10)
    services.begin_gathering(round=made, today=today, acting_user=operator)
    chance = random.Random(7)
    for channel in made.channels.filter(kind=Channel.Kind.SHEETS).select_related("round__scheme_version"):
        fill_in(channel, chance)
    enter(made, occurrences, operator, reviewer, chance)
    settling = timed(lambda: settle(made, reviewer))
    ending = timed(
        lambda: services.end_gathering(round=Round.objects.get(pk=made.pk), today=today, acting_user=operator)
    )
    current = Round.objects.select_related("scheme_version").get(pk=made.pk)
    computing = timed(lambda: services.compute_round(round=current, now=now(), acting_user=operator))
    alone = bare(current)
    return [
        f"吉林, {units} units, {occurrences} occurrences, four panels of {PANEL}",
        line("settling the channels", settling),
        line("ending", ending),
        line("computing", computing, alone),
        f"  bare scoring: {alone * 1000:.0f} ms",
    ]


def fill_in(channel: Channel, chance: random.Random) -> None:
    from evaluations.gathering.sheets import sealing
    from evaluations.gathering.sheets.form import form_of
    from evaluations.gathering.sheets.panels import panel_of
    from evaluations.models import Marker, MarkSheet, Panel
    from office.models import User
    from office.roles import Role

    panel = panel_of(channel)
    panel.by_aspect = False
    panel.save()
    form = form_of(panel)
    for number in range(PANEL):
        account = User.objects.create(username=f"{panel.pk}-{number}", role=Role.MARKER)
        marker = Marker.objects.create(
            panel=panel, name=f"评议人{number}", way=Marker.Way.ACCOUNT, account=account
        )
        sheet = MarkSheet.objects.create(
            marker=marker, number=panel.pk * 1000 + number, state=MarkSheet.State.SUBMITTED
        )
        full = int(form.columns[0].full)
        marks = {unit.key: {"total": str(chance.randint(full // 2, full))} for unit in form.units}
        sheet.sealed = sealing.sealed(marks, sheet_id=sheet.pk)
        sheet.save()
    Panel.objects.filter(pk=panel.pk).update(opened_at=now())


def enter(made: Round, number: int, operator: User, reviewer: User, chance: random.Random) -> None:
    from evaluations.gathering.ledger.book import find_ledger
    from evaluations.models import Occurrence

    ledger = find_ledger(made.scheme_version.scheme_id)
    assert ledger is not None  # noqa: S101 - the scheme has one
    items = [rule.key for rule in ledger.rules.values() if not rule.is_veto]
    units = list(made.departments.values_list("department_id", flat=True))
    Occurrence.objects.bulk_create(
        Occurrence(
            scheme_id=ledger.scheme_id,
            department_id=chance.choice(units),
            item=chance.choice(items),
            day=date(2021, 1, 1) + timedelta(days=chance.randrange(365)),
            title=f"优化营商环境第{at}件",
            remark="督查通报",
            state=Occurrence.State.CONFIRMED,
            entered_by=operator,
            entered_at=now(),
            confirmed_by=reviewer,
            confirmed_at=now(),
        )
        for at in range(number)
    )


def settle(made: Round, reviewer: User) -> None:
    from evaluations import services

    for channel in made.channels.select_related("round__scheme_version"):
        services.settle_channel(channel=channel, now=now(), acting_user=reviewer)


def now() -> Any:
    from django.utils import timezone

    return timezone.now()


if __name__ == "__main__":
    main()
