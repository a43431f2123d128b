"""Every address asked as a server asks it: no transaction of a test around it, so each act needs its own.

A county with a published round is followed link by link by every role and by visitors, its forms for files
are sent; then the walk's county is asked for its files. Together they hand out all files but those that are
named.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as settings_of_the_product
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from pytest_django.fixtures import Settings

from casework.procedures.stored import load_procedures
from departments.models import Department
from office.models import User
from office.roles import Role
from tests.disclosure.states import published
from tests.kit.files import own_folders
from tests.kit.publishing import run_waiting_jobs, show_all
from tests.walk.addresses import OFFICE, PUBLIC
from tests.walk.county import browser_of, fill
from tests.walk.following import FILES, Walk, is_file

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "http://testserver"
# Files that need a county in another state, by what they need: tests of the place, journeys on a live server.
ASKED_ELSEWHERE = {
    "a ballot that is prepared or open": "ballot-form ballot-photos cockpit:challenge survey-slips-pdf",
    "paper that is counted": (
        "survey-paper-form survey-paper-labels survey-paper-packet survey-paper-save survey-paper-sheet "
        "cockpit:sheets-printed"
    ),
    "sittings and draws": "sitting-file pool-draw-file cockpit:draw-invitations",
    "a round of units, another reading": "ranking-paper score-sheet-file cockpit:what-if-workbook",
    "a job of one's own": "document-download export-download documents-together-file paper-file",
    "months and years that were closed": (
        "matter-month-file month-review-file benefit-notice-file benefits:notice-list-workbook "
        "account-package-file cockpit:account-appraisals cockpit:account-package"
    ),
    "photos": "photo review:photo staff-photo",
}


BY_DJANGO = {"role_admin.py"}  # its pages stand in a transaction of Django's admin


def test_every_file_is_handed_out_without_a_transaction_around_it(settings: Settings, tmp_path: Path) -> None:
    own_folders(settings, tmp_path)
    settings.DEMO = True
    walk = Walk()
    county = published("all")
    load_procedures()
    show_all()
    run_waiting_jobs()
    for user in User.objects.order_by("pk"):
        client = Client(raise_request_exception=False)
        client.force_login(user)
        walk.follow(client, "/office/", most=1)
    visitor = Client(raise_request_exception=False)
    for start in ("/", "/screen/county/frames.json", f"/b/{county.survey.public_id}/trackers.bin"):
        walk.follow(visitor, start, most=1000)
    run_waiting_jobs()
    User.objects.update(username=Concat(Value("former-"), "username"))
    Department.objects.update(name=Concat(Value("原"), "name"))
    filled = fill()
    for role in [None, *Role]:
        client = browser_of(role) if role else visitor
        for page in OFFICE if role else PUBLIC:
            opens = role is None or (page.opens_to(role) and page.is_served_first_to(role))
            if opens and is_file(page):
                for url in [page.address(**filled.of(page)), *filled.more(page)]:
                    walk.ask(client, url)
                    walk.ask(client, url, {})
    assert walk.gone == [], "links that lead nowhere"
    assert walk.broken == []
    named = {name for names in ASKED_ELSEWHERE.values() for name in names.split()}
    assert FILES - walk.files == named, "a new file is handed out here, or named with what it needs"


def test_no_view_writes_the_audit_outside_a_transaction() -> None:
    """Wherever it stands: of the files above, and of those that need another county."""
    views = [
        path
        for room in apps.get_app_configs()
        if settings_of_the_product.BASE_DIR in (folder := Path(room.path)).parents
        for path in folder.rglob("*.py")
        if ".venv" not in path.parts and path.name not in BY_DJANGO
    ]
    assert len(views) > len(FILES)
    found = [f"{path}:{line}" for path in views for line in unguarded(ast.parse(path.read_text()))]
    assert found == []


def unguarded(tree: ast.Module) -> Iterator[int]:
    """The lines of a view that call `audit.record` neither below `transaction.atomic()` nor decorated."""
    for view in ast.walk(tree):
        if isinstance(view, ast.FunctionDef) and "HttpRequest" in ast.unparse(view.args):
            inside_one = any("atomic" in ast.unparse(one) for one in view.decorator_list)
            yield from ([] if inside_one else calls(view))


def calls(node: ast.AST) -> Iterator[int]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.With) and any("atomic" in ast.unparse(one) for one in child.items):
            continue
        if isinstance(child, ast.Call) and ast.unparse(child.func) == "audit.record":
            yield child.lineno
        yield from calls(child)


def test_an_unguarded_view_is_seen() -> None:
    view = "def a(request: HttpRequest) -> None:\n    {}audit.record('下载', b)\n"
    assert list(unguarded(ast.parse(view.format("")))) == [2]
    assert list(unguarded(ast.parse(view.format("with transaction.atomic(): ")))) == []
    assert list(unguarded(ast.parse("@transaction.atomic\n" + view.format("")))) == []
