"""Duties kept apart (等保 2.0), and people of a department only in their own."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Model
from django.test import Client

from office import roles
from office.models import User
from office.roles import PERMISSIONS, Role
from tests.kit.people import person
from tests.office.samples import sample, sample_or_none
from tests.walk.addresses import admins, model_page_opens

pytestmark = pytest.mark.django_db


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


def test_the_administrator_sees_no_evaluation_content_and_no_audit() -> None:
    mine = {action for action, allowed in PERMISSIONS.items() if Role.ADMINISTRATOR in allowed}
    forbidden = (
        *("round.", "result.", "survey.", "slip.", "entity."),
        *("supervisor.", "audit.", "appeal.", "scheme.", "roster."),
    )
    assert {action for action in mine if action.startswith(forbidden)} == set()


def test_only_the_inspectorate_reads_the_audit_and_manages_nothing() -> None:
    assert PERMISSIONS["audit.view"] == PERMISSIONS["audit.export"] == {Role.INSPECTORATE}
    changing = (
        *("edit", "manage", "import", "publish", "sign_off"),
        *("decide", "open", "close", "serve", "print"),
    )
    mine = {action for action, allowed in PERMISSIONS.items() if Role.INSPECTORATE in allowed}
    # The counts that its custodian signed are the one thing it hands in.
    assert {action for action in mine if action.endswith(changing)} == {"survey.import"}


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
        if not model_page_opens(role, model_admin, "changelist"):
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
