"""A database with many objects of every model, every text of which attacks the page that shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.test import Client

from casework.hearings.rules import rules as hearings
from casework.procedures.stored import load_procedures
from evaluations.services import load_schemes
from office.models import AuditEntry, User
from office.roles import Role
from tests.kit.people import person
from tests.office.samples import FIXED_TIME, sample, sample_or_none
from tests.walk.addresses import Page, admins
from tests.walk.benefits import Benefits
from tests.walk.checks import ATTACK, SHORT_ATTACK
from tests.walk.matters import Matters
from tests.walk.ratings import Ratings

ROOMS = ("departments", "surveys", "evaluations", "reports", "disclosure", "office")
MANY = 20  # a list that asks once for each row is over the bound
LEDGER_OF = "jilin-jkq-2021"
# Read by programs, not by people: a changed text there is no form and no scheme.
MACHINE_READ = {"survey", "schemeversion", "officehours", "figures", "calls"}


@dataclass
class Filled:
    """The object that addresses name, by model."""

    made: dict[str, Any] = field(default_factory=dict)
    matters: Matters | None = None
    ratings: Ratings | None = None
    benefits: Benefits | None = None

    def pk(self, model: str) -> Any:
        return getattr(self.made.get(model), "pk", 0)

    def more(self, page: Page) -> list[str]:
        """Return further addresses of a page: other states, or what is asked beside the address."""
        found = [one.more.get(page.name, []) for one in (self.matters, self.ratings, self.benefits) if one]
        return [address for addresses in found for address in addresses]

    def of(self, page: Page) -> dict[str, Any]:
        """Values for the names that an address uses."""
        if page.model_admin is not None:
            # What a role is concerned with only in part is asked without an object.
            return {"object_id": 0 if page.is_limited else self.pk(page.model_admin.opts.model_name or "")}
        batch = self.made["slipbatch"]
        return {
            "pk": self.pk(SHOWN_BY_NUMBER.get(page.name, "")),
            "public_id": self.made["survey"].public_id,
            "publication_id": self.pk("publication"),
            "round_id": self.pk("round"),
            "subject_id": self.pk("judged"),
            "interview_id": self.pk("asked"),
            "object_id": self.pk("user"),
            "survey_id": batch.survey.pk,
            "batch_id": batch.pk,
            "sitting_id": self.pk("sitting"),
            "scheme_id": LEDGER_OF,
            "occurrence_id": self.pk("occurrence"),
            "pool_id": self.pk("pool"),
            "draw_id": self.pk("pooldraw"),
            "marker_id": self.pk("marker"),
            "sheet_id": self.pk("marksheet"),
            "rectification_id": self.pk("rectification"),
            "item_id": self.pk("rectificationitem"),
            "channel_id": self.pk(GATHERED.get(page.name.partition("-")[0], "channel")),
            "stratum_id": batch.stratum.pk,
            "disposition_id": self.pk("disposition"),
            "case_id": self.pk("tolerancecase"),
            "clearing_id": self.pk("clearing"),
            "report_id": self.pk("riskreport"),
            "appeal_id": self.pk("appeal"),
            "paper_id": self.pk(PAPERS.get(page.name, "appealpaper")),
            "document_id": self.pk("officialdocument"),
            "episode_id": self.pk("episode"),
            "part": "promise",
            "promise_id": self.pk("promise"),
            "vote_id": self.pk("panelvote"),
            "check_id": self.pk("promisecheck"),
            "weekly_id": self.pk("weeklyitem"),
            "day": "2023-09-04",
            "month": "2023-09",
            "typical_id": self.pk("typicalcase"),
            "version_id": self.pk("listversion"),
            "entry_id": self.pk("listentry"),
            "about": "round",
            "about_id": self.pk("round"),
            "kind": "minutes",
            **self.of_matters(page),
            **(self.ratings.values if self.ratings and page.name.startswith("ratings:") else {}),
            **(self.benefits.values if self.benefits and page.name.startswith("benefits:") else {}),
        }

    def of_matters(self, page: Page) -> dict[str, Any]:
        values = dict(self.matters.values) if self.matters else {}
        for name, other in OTHER_THAN_USUAL.get(page.name, {}).items():
            values[name] = values[other]
        return values


# Names that addresses share, where they mean something else than usual.
OTHER_THAN_USUAL = {
    "casework:matter-decide": {"matter_id": "referred_id"},
    "casework:procedure": {"version_id": "procedure_version"},
    "casework:firm": {"code": "firm_code"},
}
GATHERED = {"cockpit:entries": "figures", "cockpit:ratings": "rated", "cockpit:interviews": "calls"}
PAPERS = {
    "cockpit:disposition-paper": "dispositionpaper",
    "cockpit:rectification-paper": "rectificationpaper",
}
SHOWN_BY_NUMBER = {"department": "department", "section": "section", "photo": "staffmember"}


def fill() -> Filled:
    """Make the objects; the first of each model is the one that is opened."""
    load_schemes()
    filled = Filled({"user": person_attacking()}, Matters({role: walker(role) for role in Role}))
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if model not in (AuditEntry, User):
                filled.made[str(model._meta.model_name)] = sample_or_none(model, **shown(model))
    for of in admins():
        for _ in range(MANY):
            sample_or_none(of.model)
    versions = apps.get_model("evaluations", "SchemeVersion").objects
    version = versions.get(scheme_id="yuncheng-2023")
    kept = (version.scheme_id, LEDGER_OF)
    versions.exclude(scheme_id__in=kept).update(is_active=False)  # samples that no page could read
    filled.made |= {"schemeversion": version, "round": a_round(version)}
    apps.get_model("evaluations", "Round").objects.update(scheme_version=version)  # their steps are read
    filled.made |= what_is_gathered(versions.get(scheme_id="fangcheng-2022"))
    for name, made in filled.made.items():
        if made is not None and name not in MACHINE_READ | {"user", "round", "rated"}:
            attack(made)
    keep_a_ledger(filled)
    keep_a_register(filled, version)
    hold_a_hearing(filled)
    filled.ratings = Ratings(filled.matters.desk) if filled.matters else None
    filled.benefits = Benefits(filled.matters.desk) if filled.matters else None
    said = f"修改{ATTACK}"
    put_right(filled)
    filled.made["auditentry"] = sample(
        AuditEntry, actor_name=ATTACK, verb=said, before={said: ATTACK}, after={said: ATTACK}
    )
    return filled


def keep_a_ledger(filled: Filled) -> None:
    """What the ledger of a real scheme holds, and the channel of a round that takes it."""
    model = type(filled.made["occurrence"])
    model._base_manager.update(scheme_id=LEDGER_OF, item="warned", day="2021-05-04")
    type(filled.made["matterproposal"])._base_manager.update(scheme_id=LEDGER_OF, rule="warned")
    version = apps.get_model("evaluations", "SchemeVersion").objects.get(scheme_id=LEDGER_OF)
    round_ = sample(
        apps.get_model("evaluations", "Round"), scheme_version=version, period="2021", state="open"
    )
    filled.made["channel"] = sample(
        apps.get_model("evaluations", "Channel"), round=round_, need="occurrences", kind="ledger"
    )


def put_right(filled: Filled) -> None:
    """A rectification that goes on: its page says nothing of a result that no sample has."""
    type(filled.made["rectification"])._base_manager.update(state="under_way")


def keep_a_register(filled: Filled, version: models.Model) -> None:
    """A disposition of a unit, served, under a real scheme; persons' rows open to fewer."""
    of = apps.get_model
    empty = {"subjects": {}}  # how sure its grade is, is asked of the result behind every proposal
    of("evaluations", "Result").objects.update(scheme_version=version, outcome=empty, facts=empty)
    of("evaluations", "Disposition").objects.update(target="department")
    served = {"state": "served", "number": "示〔2026〕1号", "body": ATTACK[:80], "decided_on": "2026-10-21"}
    pk = filled.pk("disposition")
    of("evaluations", "Disposition").objects.filter(pk=pk).update(**served, served_on="2026-10-22")


def hold_a_hearing(filled: Filled) -> None:
    """A hearing with its promise, an item of a week, a case and a list that attack their pages."""

    def of(name: str) -> type[models.Model]:
        return apps.get_model("casework", name)

    (procedure,) = [one for one in load_procedures() if one.procedure_id == hearings().procedure]
    own = {"version": procedure, "procedure_id": procedure.procedure_id, "source": hearings().week.channel}
    for name in ("Promise", "WeeklyItem"):
        matter = sample(of("Matter"), **own, state="assigned")
        clock = sample(of("Clock"), matter=matter, state="met", due_at=FIXED_TIME)
        made = sample(
            of(name), matter=matter, clock=clock, **({"week": "2023-09-04"} if name[0] == "W" else {})
        )
        filled.made[name.lower()] = made
    promise: Any = filled.made["promise"]
    episode = filled.made["episode"] = promise.episode
    for name in ("Appearance", "Film", "HallQuestion", "PanelVote"):
        counts = {"size": 9, "satisfied": 1, "fairly": 1, "unsatisfied": 1} if name == "PanelVote" else {}
        filled.made[name.lower()] = sample(of(name), episode=episode, **counts)
    filled.made["promisecheck"] = sample(of("PromiseCheck"), promise=promise)
    filled.made["typicalcase"] = sample(
        of("TypicalCase"),
        state="published",
        approved_by=sample(User),
        shown_from=FIXED_TIME.date(),
        shown_until="2999-01-01",
    )
    version = sample(of("ListVersion"))
    filled.made |= {"listversion": version, "listentry": sample(of("ListEntry"), version=version)}
    filled.made["contactreport"] = sample(of("ContactReport"), entry=filled.made["listentry"])
    for name in ("episode", "promise", "film", "promisecheck", "weeklyitem", "typicalcase", "listentry"):
        attack(filled.made[name])


def person_attacking() -> User:
    user = person("", "attacker")  # type: ignore[arg-type] # without a role, so that no other test meets it
    User.objects.filter(pk=user.pk).update(first_name=SHORT_ATTACK)
    return user


def shown(model: type[models.Model]) -> dict[str, Any]:
    names = {one.name for one in model._meta.fields}
    return {name: True for name in ("is_shown", "is_active") if name in names}


def a_round(version: models.Model) -> models.Model:
    """A round of a real scheme: its pages read the policy."""
    shares = {"private": 50, "sole_trader": 40, "non_private": 10}
    return sample(apps.get_model("evaluations", "Round"), scheme_version=version, shares=shares)


def what_is_gathered(version: models.Model) -> dict[str, models.Model]:
    """A round that gathers: figures in a grid, and an enterprise that is called."""
    of = apps.get_model
    round_ = a_round(version)
    of("evaluations", "Round").objects.filter(pk=round_.pk).update(state="open", period="2026-Q3")
    judged = sample(of("evaluations", "RoundDepartment"), round=round_)
    channel = of("evaluations", "Channel")
    figures = sample(
        channel, round=round_, need="external.indicators", kind="figures", named_items=[SHORT_ATTACK]
    )
    calls = sample(channel, round=round_, need="answers.enterprises", kind="interviews")
    rated = sample(channel, round=round_, need="answers.masses", kind="ratings")
    entered = sample(of("evaluations", "Entry"), channel=figures, subject=judged, item=SHORT_ATTACK, value=1)
    asked = sample(of("evaluations", "Interview"), channel=calls, subject=judged)
    return {
        "judged": judged,
        "figures": figures,
        "calls": calls,
        "rated": rated,
        "entered": entered,
        "asked": asked,
    }


def attack(made: models.Model) -> None:
    """Write an attack into every text of an object."""
    values = {}
    for one in made._meta.concrete_fields:
        if one.primary_key or one.choices or one.unique or isinstance(one, models.FileField):
            continue
        if isinstance(one, models.TextField) or (isinstance(one, models.CharField) and one.max_length):
            room = one.max_length or 10_000
            values[one.name] = ATTACK if room >= len(ATTACK) else SHORT_ATTACK[:room]
    if values:
        type(made)._base_manager.filter(pk=made.pk).update(**values)


def walker(role: Role) -> User:
    return User.objects.filter(username=f"walker-{role}").first() or person(role, f"walker-{role}")


def browser_of(role: Role) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(walker(role))
    client.get("/office/account/")  # the first page of a session also writes down that it began
    return client
