"""Every page, action and download of the office, as every role, against the one table of roles.

Pages are found in the resolver: a page that lands later is walked, too. A page that belongs to no
model has to say here which action of the table it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from evaluations.cockpit.round_actions import ACTS
from evaluations.services import load_schemes
from office import roles
from office.models import User
from office.roles import PERMISSIONS, Role
from office.workbench.role_admin import RoleAdmin
from tests.office.people import person
from tests.office.samples import sample, sample_or_none

pytestmark = [pytest.mark.on_sqlite, pytest.mark.django_db]

EVERYBODY_SIGNED_IN = "signed in"
THE_ENTRANCE = "entrance"
REFUSED_TO_ALL = "nobody"
UNSAID = re.compile(r">\s*(None|True|False|\[\]|\{\})\s*<")

# Pages of the office that belong to no model: which action opens them ("a|b": either).
PAGES: dict[str, str] = {
    "index": EVERYBODY_SIGNED_IN,
    "login": THE_ENTRANCE,
    "logout": EVERYBODY_SIGNED_IN,
    "jsi18n": EVERYBODY_SIGNED_IN,
    "autocomplete": REFUSED_TO_ALL,  # without a field: 403 for everybody
    "view_on_site": REFUSED_TO_ALL,  # 404: no object has a page outside
    "app_list": EVERYBODY_SIGNED_IN,  # lists what the role may see; 404 otherwise
    "account": EVERYBODY_SIGNED_IN,
    "account-verify": EVERYBODY_SIGNED_IN,
    "account-phone": EVERYBODY_SIGNED_IN,
    "account-recovery-codes": EVERYBODY_SIGNED_IN,
    "account-end-session": EVERYBODY_SIGNED_IN,
    "password_change": EVERYBODY_SIGNED_IN,
    "job-progress": EVERYBODY_SIGNED_IN,  # of one's own job; 404 for others
    "exports": EVERYBODY_SIGNED_IN,  # one's own
    "export-download": EVERYBODY_SIGNED_IN,  # likewise
    "document-download": EVERYBODY_SIGNED_IN,  # likewise
    "manuals": EVERYBODY_SIGNED_IN,
    "manual": EVERYBODY_SIGNED_IN,
    "manual-image": EVERYBODY_SIGNED_IN,
    "office_user_account": "account.manage",
    "office_auditentry_verify": "audit.view",
    "survey-slips-list": "slip.print",
    "survey-slips": "slip.print|survey.view",
    "survey-slips-pdf": "slip.print",
    "survey-controls-list": "control.view",
    "survey-controls": "control.view",
    "survey-explanations": "control.view",
    "survey-returned": "slip.return",
    "sittings": "sitting.view",
    "sitting": "sitting.view",
    "sitting-new": "sitting.edit",
    "sitting-change": "sitting.edit",
    "sitting-attendance": "sitting.edit",
    "sitting-file": "sitting.view",
    "survey-paper-list": "paper.view|paper.exchange|paper.print",
    "survey-paper": "paper.view|paper.exchange|paper.print",
    "survey-paper-packet": "paper.print",
    "survey-paper-exchange": "paper.exchange",
    "survey-paper-labels": "paper.label",
    "survey-paper-aside": "paper.decide",
    "survey-paper-finish": "paper.finish",
    "survey-paper-keying": "paper.key|paper.settle|paper.decide",
    "survey-paper-form": "paper.key|paper.settle|paper.decide",
    "survey-paper-sheet": "paper.key|paper.settle|paper.decide",
    "survey-paper-save": "paper.key|paper.settle|paper.decide",
    "import-roster": "roster.import",
    "import-entities": "entity.import",
    "import-photos": "roster.edit",
    "import-supervision": "roster.import",
    "import-supervisors": "supervisor.import",
    "import-holidays": "calendar.edit",
    "task": "task.view",
    "review:overview": "disclosure.view",
    "review:department": "disclosure.view",
    "review:first": "disclosure.approve",
    "review:submit": "disclosure.submit",
    "review:decide": REFUSED_TO_ALL,  # each decision by itself: tests/disclosure/test_approval.py
    "review:photo": "disclosure.view",
    "review:person": "disclosure.take_down",
    "export-photos": "roster.view",
    "export-annexes": "roster.view",
    "export-sheets": "round.view",
    "staff-photo": "roster.view",
    "ranking-download": "result.download",
    "cockpit:rounds": "round.view",
    "cockpit:new": "round.edit",
    "cockpit:own": "result.view_own",
    "cockpit:round": "round.view",
    "cockpit:departments": "round.view",
    "cockpit:subjects": "round.view",
    "cockpit:slips": "round.view",
    "cockpit:sittings": "round.view",
    "cockpit:act": REFUSED_TO_ALL,  # each act by itself: test_the_acts_of_a_round
    "cockpit:challenge": "survey.view",
    "cockpit:bundle": "survey.bundle",
    "cockpit:results_bundle": "survey.bundle",
    "cockpit:result": "result.view",
    "cockpit:result_department": "result.view",  # and a department's people their own
    "cockpit:comments": "comment.view",
    "cockpit:comments_department": "comment.view",
    "cockpit:comment": "comment.propose|comment.approve",
    "cockpit:correct": "appeal.decide",
    "cockpit:appeals": "result.view",  # likewise
    "cockpit:appeal": "appeal.decide",
}


@dataclass(frozen=True)
class Page:
    """An address of the office."""

    route: str
    name: str
    callback: Any

    @property
    def model_admin(self) -> RoleAdmin | None:
        """The model's admin behind it, if it is one of the stock pages."""
        found: RoleAdmin | None = getattr(self.callback, "model_admin", None)
        return found


def pages() -> Iterator[Page]:
    """Yield every address below /office/."""

    def walk(patterns: list[URLPattern | URLResolver], prefix: str, room: str) -> Iterator[Page]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = (pattern.namespace or "").removeprefix("admin")
                yield from walk(pattern.url_patterns, route, f"{inner}:" if inner else "")
            elif route.startswith("office/") and pattern.name:
                yield Page(route, f"{room}{pattern.name}", pattern.callback)

    yield from walk(get_resolver().url_patterns, "", "")


ALL_PAGES = list(pages())
OWN_PAGES = [page for page in ALL_PAGES if page.model_admin is None and not page.name.endswith("_export")]


def address(page: Page, **values: Any) -> str:
    """Fill an address; what is not given is 0, which no object has."""
    parts = []
    for part in page.route.replace("^(?P<app_label>", "<app_label|").split("/"):
        name = part.partition("<")[2].partition(">")[0].rpartition(":")[2]
        if part.startswith("<app_label|"):
            parts.append("office")
        elif name:
            parts.append(f"{values.get(name, 0)}{part.partition('>')[2]}")
        else:
            parts.append(part.removesuffix("$"))
    return "/" + "/".join(parts)


def signed_in(role: Role) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person(role, f"walker-{role}"))
    return client


def state_of_the_database() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


# --- The pages of models ---------------------------------------------------------------------------


def admins() -> list[RoleAdmin]:
    return list(admin.site._registry.values())  # type: ignore[arg-type]


def may(role: Role, action: str | None) -> bool:
    return action is not None and role in PERMISSIONS[action]


def expected(role: Role, model_admin: RoleAdmin, kind: str) -> bool:
    """Whether the table lets a role open this page of a model."""
    edit = model_admin.edit_action
    return {
        "changelist": may(role, model_admin.view_action) or may(role, edit),
        "change": may(role, model_admin.view_action) or may(role, edit),
        "add": may(role, model_admin.add_action or edit),
        "delete": may(role, model_admin.delete_action or edit),
        "export": may(role, model_admin.export_action),
        "history": False,
    }[kind]


def test_every_model_page_is_bound_to_the_table() -> None:
    for model_admin in admins():
        assert isinstance(model_admin, RoleAdmin)
        assert model_admin.view_action in PERMISSIONS, model_admin
        for inline in model_admin.inlines:
            assert inline.view_action in PERMISSIONS, inline


@pytest.mark.parametrize("role", list(Role))
def test_the_pages_of_models(role: Role) -> None:
    """Lists, forms, deletion, downloads: open to exactly the roles of the table."""
    client = signed_in(role)
    wrong: list[tuple[object, ...]] = []
    for model_admin in admins():
        options = model_admin.opts
        made = sample_or_none(options.model)
        pk = made.pk if made is not None and model_admin.limit.__func__ is RoleAdmin.limit else 0  # type: ignore[attr-defined]
        base = f"/office/{options.app_label}/{options.model_name}"
        for kind, url in {
            "changelist": f"{base}/",
            "add": f"{base}/add/",
            "change": f"{base}/{pk}/change/",
            "delete": f"{base}/{pk}/delete/",
            "history": f"{base}/{pk}/history/",
            "export": f"{base}/export/",
        }.items():
            if kind == "export" and not model_admin.export_action:
                continue
            response = client.get(url)
            # Without an object an open page leads back to the start with a word about it.
            opened = response.status_code in ({200, 302} if pk == 0 else {200})
            allowed = expected(role, model_admin, kind) and not _overruled(model_admin, kind)
            if opened is not allowed or (not opened and response.status_code != 403):
                wrong.append((url, response.status_code, allowed))
            if response.status_code == 200 and kind != "export" and UNSAID.search(response.content.decode()):
                wrong.append((url, "a value of the program instead of a word"))
    assert wrong == []


def _overruled(model_admin: RoleAdmin, kind: str) -> bool:
    """Whether a page is closed to everybody although the role may edit (users are retired, not deleted)."""
    method = f"has_{kind}_permission"
    return kind in {"add", "delete"} and method in vars(type(model_admin))


@pytest.mark.parametrize("role", list(Role))
def test_actions_on_lists(role: Role) -> None:
    """An action is offered only with a permission of its own, and refused when sent all the same."""
    user = person(role, "walker")
    client = Client()
    client.force_login(user)
    request = RequestFactory().get("/")
    request.user = user
    for model_admin in admins():
        offered = model_admin.get_actions(request)
        for function, name, _ in model_admin._get_base_actions():
            needed = getattr(function, "allowed_permissions", None)
            assert needed, f"{model_admin}.{name} asks for no permission"
            if name in offered or not expected(role, model_admin, "changelist"):
                continue
            made = sample_or_none(model_admin.model)
            before = state_of_the_database()
            data = {"action": name, "_selected_action": made.pk if made else 0}
            base = f"/office/{model_admin.opts.app_label}/{model_admin.opts.model_name}/"
            assert client.post(base, data).status_code in {200, 302, 403}
            after = state_of_the_database()
            assert before == after, name


# --- The other pages -------------------------------------------------------------------------------


def test_every_other_page_says_what_it_needs() -> None:
    """A new page of the office: add it to PAGES with the action of the table that opens it."""
    missing = sorted({page.name for page in OWN_PAGES} - set(PAGES))
    assert missing == []
    unknown = {
        action
        for needed in PAGES.values()
        for action in needed.split("|")
        if action not in {EVERYBODY_SIGNED_IN, THE_ENTRANCE, REFUSED_TO_ALL}
    } - set(PERMISSIONS)
    assert unknown == set()


def closed(response: HttpResponse) -> bool:
    return response.status_code in {403, 404, 405}


@pytest.mark.parametrize("role", list(Role))
def test_the_other_pages(role: Role) -> None:
    client = signed_in(role)
    objects = {name: made.pk for name, made in _objects().items() if made is not None}
    wrong = []
    for page in OWN_PAGES:
        needed = PAGES.get(page.name, REFUSED_TO_ALL)
        if page.name == "logout" or needed in {THE_ENTRANCE, REFUSED_TO_ALL}:
            continue
        allowed = needed == EVERYBODY_SIGNED_IN or any(may(role, one) for one in needed.split("|"))
        url = address(page, **objects)
        before = {} if allowed else state_of_the_database()
        answers = [client.get(url), client.post(url)]
        if any(answer.status_code >= 500 for answer in answers):
            wrong.append((url, [answer.status_code for answer in answers], "fault"))
        if not allowed:
            told_off = all(closed(answer) or answer.status_code == 302 for answer in answers)
            if not told_off or state_of_the_database() != before:
                wrong.append((url, [answer.status_code for answer in answers], "open to a wrong role"))
        elif all(answer.status_code == 403 for answer in answers):
            wrong.append((url, [answer.status_code for answer in answers], "closed to a right role"))
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_the_acts_of_a_round(role: Role) -> None:
    """Every act of the cockpit is refused to who may not, whatever state the round is in."""
    client = signed_in(role)
    made = a_round()
    for slug, act in ACTS.items():
        before = state_of_the_database()
        answer = client.post(f"/office/rounds/{made.pk}/do/{slug}/")
        assert (answer.status_code != 403) is may(role, act.action), slug
        assert may(role, act.action) or state_of_the_database() == before, slug


def a_round() -> Model:
    """A round of a real scheme: its pages read the policy."""
    versions = apps.get_model("evaluations", "SchemeVersion")
    if not versions.objects.exists():
        load_schemes()
    version = versions.objects.get(scheme_id="yuncheng-2023")
    shares = {"private": 50, "sole_trader": 40, "non_private": 10}
    return sample(apps.get_model("evaluations", "Round"), scheme_version=version, shares=shares)


def _objects() -> dict[str, Model | None]:
    """Objects for the names that addresses use."""
    batch = sample_or_none(apps.get_model("surveys", "SlipBatch"))
    return {
        "round_id": a_round(),
        "object_id": sample(User),
        "survey_id": batch.survey if batch is not None else None,  # type: ignore[attr-defined]
        "batch_id": batch,
        "sitting_id": sample_or_none(apps.get_model("surveys", "Sitting")),
        "stratum_id": batch.stratum if batch is not None else None,  # type: ignore[attr-defined]
    }


def test_whoever_is_not_signed_in_is_led_to_the_entrance(client: Client) -> None:
    """Every address of the office, objects or not, GET and POST."""
    wrong = []
    for page in ALL_PAGES:
        if page.name == "login":
            continue
        url = address(page)
        for answer in (client.get(url), client.post(url)):
            led = answer.status_code == 302 and "/office/login/" in answer.headers["Location"]
            left = page.name == "logout" and answer.status_code == 302
            if not (led or left or answer.status_code == 405):
                wrong.append((url, answer.status_code))
    assert wrong == []


def test_a_retired_user_and_one_without_a_role_are_outside() -> None:
    user = person(Role.CENTRE_OPERATOR, "gone")
    client = Client()
    client.force_login(user)
    for change in ({"role": ""}, {"is_active": False}):
        User.objects.filter(pk=user.pk).update(**change)
        assert client.get("/office/office/job/").status_code == 302
    for action in PERMISSIONS:
        user.refresh_from_db()
        assert not roles.allowed(user, action)
        assert not roles.allowed(None, action)


# --- Duties kept apart (等保 2.0) ---------------------------------------------------------------------


def test_the_administrator_sees_no_evaluation_content_and_no_audit() -> None:
    mine = {action for action, allowed in PERMISSIONS.items() if Role.ADMINISTRATOR in allowed}
    forbidden = (
        "round.",
        "result.",
        "survey.",
        "slip.",
        "entity.",
        "supervisor.",
        "audit.",
        "appeal.",
        "scheme.",
        "roster.",
    )
    assert {action for action in mine if action.startswith(forbidden)} == set()


def test_only_the_inspectorate_reads_the_audit_and_manages_nothing() -> None:
    assert PERMISSIONS["audit.view"] == PERMISSIONS["audit.export"] == {Role.INSPECTORATE}
    changing = (
        "edit",
        "manage",
        "import",
        "publish",
        "sign_off",
        "decide",
        "open",
        "close",
        "serve",
        "print",
    )
    mine = {action for action, allowed in PERMISSIONS.items() if Role.INSPECTORATE in allowed}
    assert {action for action in mine if action.endswith(changing)} == set()


def test_a_superuser_is_no_more_than_an_administrator() -> None:
    user = User.objects.create_superuser("root", password="Kong-Cheng-7")
    client = Client()
    client.force_login(user)
    assert client.get("/office/office/auditentry/").status_code == 403
    assert client.get("/office/surveys/survey/").status_code == 403


# --- Own department, own town ------------------------------------------------------------------------


def reaches_department(model: type[models.Model]) -> str | None:
    """Return how a model reaches its department, such as `section__department`."""
    department = apps.get_model("departments", "Department")
    for field in model._meta.concrete_fields:
        if field.remote_field and field.remote_field.model is department:
            return field.name
    for field in model._meta.concrete_fields:
        target = field.remote_field.model if field.remote_field else None
        if target is not None and target is not model and target is not User:
            for deeper in target._meta.concrete_fields:
                if deeper.remote_field and deeper.remote_field.model is department and not deeper.null:
                    return f"{field.name}__{deeper.name}"
    return None


def belonging_to(model: type[models.Model], department: Model) -> Model | None:
    path = reaches_department(model)
    if path is None:
        return None
    first, _, second = path.partition("__")
    if not second:
        given: dict[str, Any] = {first: department}
        for field in model._meta.concrete_fields:  # a section of the same department
            target = field.remote_field.model if field.remote_field else None
            if target is not None and field.name != first and not field.null and reaches_department(target):
                given[field.name] = belonging_to(target, department)
        return sample_or_none(model, **given)
    target = model._meta.get_field(first).remote_field.model
    return sample_or_none(model, **{first: sample(target, **{second: department})})


@pytest.mark.parametrize("role", [Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_REVIEWER])
def test_department_people_reach_only_their_own_department(role: Role) -> None:
    """Lists, guessed addresses, choices in forms, searches and downloads."""
    department = apps.get_model("departments", "Department")
    own, other = sample(department), sample(department)
    user = person(role, "walker")
    sample(apps.get_model("departments", "Membership"), user=user, department=own)
    client = Client()
    client.force_login(user)
    walked = set()
    for model_admin in admins():
        if not expected(role, model_admin, "changelist"):
            continue
        pairs = [(own, other)] if model_admin.model is department else []
        if reaches_department(model_admin.model):
            pairs.append((belonging_to(model_admin.model, own), belonging_to(model_admin.model, other)))
        base = f"/office/{model_admin.opts.app_label}/{model_admin.opts.model_name}"
        for mine, theirs in pairs:
            if mine is None or theirs is None:
                continue
            walked.add(model_admin.opts.model_name)
            assert client.get(f"{base}/{mine.pk}/change/").status_code == 200, mine
            for way in ("change", "delete"):
                assert client.get(f"{base}/{theirs.pk}/{way}/").status_code in {302, 403, 404}, theirs
                assert client.post(f"{base}/{theirs.pk}/{way}/", {"post": "yes"}).status_code in {
                    302,
                    403,
                    404,
                }
            assert type(theirs)._default_manager.filter(pk=theirs.pk).exists()
            listed = client.get(f"{base}/").context["cl"].queryset
            assert theirs not in listed
            assert mine in listed
            _look_into_the_form(client.get(f"{base}/{mine.pk}/change/"), other)
    assert walked >= {"department", "section", "staffmember"}


def _look_into_the_form(response: Any, other: Model) -> None:
    forms = [response.context["adminform"].form] if response.context.get("adminform") else []
    for inline in response.context.get("inline_admin_formsets") or []:
        forms += [inline.formset.empty_form]
    for form in forms:
        for name, field in form.fields.items():
            choices = getattr(field, "queryset", None)
            path = reaches_department(choices.model) if choices is not None else None
            if choices is not None and choices.model is type(other):
                assert other not in choices, name
            elif choices is not None and path:
                assert not choices.filter(**{path: other}).exists(), name
