"""Every address of the product, found in the resolver, and the action of the role table that opens it.

A page that is added later is walked, too. A page of the office that belongs to no model has to be in PAGES.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from office.roles import DEPARTMENT, PERMISSIONS, Role
from office.workbench.role_admin import RoleAdmin

SIGNED_IN = "signed in"
ENTRANCE = "entrance"
NOBODY = "nobody"
ABSURD = "9" * 30  # a number too long for any database

# The pages of the office that belong to no model, by the action that opens them ("a|b": either).
OPENED_BY = {
    # Of lists, files and jobs one's own, or what the role may see; 404 otherwise.
    SIGNED_IN: (
        "index logout jsi18n app_list account account-verify account-phone account-recovery-codes "
        "account-end-session password_change account-token job-progress exports export-download "
        "document-download manuals manual manual-image cockpit:appeal-paper cockpit:disposition-paper notice"
    ),
    ENTRANCE: "login",
    # The acts of a round are walked one by one in test_walk.py, decisions in test_approval.py.
    NOBODY: "autocomplete view_on_site review:decide cockpit:act cockpit:channel-ending cockpit:sheets-act",
    "account.manage": "office_user_account import-users",
    "account.confirm": "account-requests",
    "audit.view": "office_auditentry_verify",
    "slip.print": "survey-slips-list survey-slips-pdf",
    "slip.print|survey.view": "survey-slips",
    "control.view": "survey-controls-list survey-controls survey-explanations",
    "slip.return": "survey-returned",
    "slip.count": "survey-batch-count",
    "slip.hold|slip.replace": "survey-replacements",
    "slip.replace": "survey-replacement",
    "sitting.view": "sittings sitting sitting-file",
    "sitting.edit": "sitting-new sitting-change sitting-attendance",
    "paper.view|paper.exchange|paper.print": "survey-paper-list survey-paper",
    "paper.print": "survey-paper-packet",
    "paper.exchange": "survey-paper-exchange",
    "paper.label": "survey-paper-labels",
    "paper.decide": "survey-paper-aside",
    "paper.finish": "survey-paper-finish",
    "paper.key|paper.settle|paper.decide": (
        "survey-paper-keying survey-paper-form survey-paper-sheet survey-paper-save "
        "cockpit:sheets-keying cockpit:sheets-key"
    ),
    "roster.import": "import-roster import-supervision",
    "roster.import_own": "import-own-roster",
    "department.edit": "import-units",
    "window.import": "import-windows",
    "window.view": "hall-screens",
    "entity.import": "import-entities",
    "roster.edit": "import-photos",
    "supervisor.import": "import-supervisors",
    "pool.view": "pools pool pool-draw pool-structure pool-draw-file cockpit:draws",
    "pool.import": "import-pool-structure import-pool-members",
    "pool.draw": "pool-draw-new",
    "pool.names": "cockpit:draw-invitations",
    "sample.hand_in": "import-samples",
    "sample.count": "samples",
    "calendar.edit": "import-holidays",
    "task.view": "task",
    "disclosure.view": "review:overview review:department review:photo",
    "disclosure.approve": "review:first",
    "disclosure.submit": "review:submit",
    "disclosure.take_down": "review:person",
    "roster.view": "export-photos export-annexes boards-for-walls staff-photo",
    "round.view": (
        "export-sheets "
        "cockpit:rounds cockpit:calendar cockpit:round cockpit:departments cockpit:subjects "
        "cockpit:slips cockpit:sittings cockpit:channels cockpit:sheets "
        "cockpit:ledgers cockpit:ledger cockpit:ledger-proposals cockpit:ledger-entry "
        "cockpit:ledger-evidence cockpit:ledger-export "
        "cockpit:ledger-duties cockpit:ledger-channel "
        "cockpit:entries cockpit:entries-workbook cockpit:ratings-taken cockpit:interviews"
    ),
    "gathering.enter|gathering.settle": (
        "cockpit:interviews-unit cockpit:interviews-workbook cockpit:interview"
    ),
    # A sheet of somebody else is not there (404), whatever the role.
    "sheets.mark": "cockpit:sheets-mine cockpit:sheets-mark cockpit:sheets-save",
    "sheets.prepare": (
        "cockpit:sheets-import cockpit:sheets-add-marker cockpit:sheets-remove-marker cockpit:sheets-printed"
    ),
    "sheets.void": "cockpit:sheets-void",
    "result.download": "ranking-download ranking-paper score-sheets",
    "gathering.enter": (
        "cockpit:ledger-new cockpit:ledger-cost cockpit:import-ledger "
        "cockpit:entries-import cockpit:entries-indicators cockpit:interviews-import "
        "cockpit:interviews-arrange cockpit:interviews-draw cockpit:interview-replace"
    ),
    "round.edit": "cockpit:new cockpit:edit cockpit:follow",
    "result.view_own": "cockpit:own cockpit:duties-own",
    "rectification.view": "cockpit:rectifications cockpit:rectifications-workbook",
    "rectification.view_own": "cockpit:rectifications-own",
    "rectification.begin": "cockpit:rectification-begin",
    # A unit sees its own alone: what is of another one is not there (404).
    "rectification.view|rectification.view_own": (
        "cockpit:rectification cockpit:rectification-item cockpit:rectification-paper "
        "cockpit:rectification-workbook cockpit:rectification-printed"
    ),
    "survey.view": "cockpit:challenge",
    "survey.bundle": "cockpit:bundle",
    "survey.results_bundle": "cockpit:results_bundle",
    "round.view|result.view_own": "cockpit:clauses",
    "result.view": (
        "cockpit:result cockpit:earlier_result cockpit:result_department cockpit:appeals "
        "cockpit:score-sheet score-sheet-file cockpit:what-if cockpit:what-if-workbook result-sheet "
        "cockpit:analysis cockpit:analysis-workbook cockpit:analysis-paper "
        "publication-preview publication-preview-index"
    ),
    "yearly.view": (
        "cockpit:account-latest cockpit:account cockpit:account-workbook cockpit:account-appraisals "
        "cockpit:account-superiors cockpit:account-package account-package-file"
    ),
    "yearly.view_own": "cockpit:account-own",
    "yearly.view|yearly.view_own": "cockpit:account-unit cockpit:account-unit-workbook account-file",
    "yearly.persons|yearly.persons_own": "cockpit:account-person",
    "yearly.persons": "cockpit:account-extracts cockpit:account-extract",
    "yearly.answer": "cockpit:account-extract-new",
    "comment.view": "cockpit:comments cockpit:comments_department",
    "comment.propose|comment.approve": "cockpit:comment",
    "appeal.decide": "cockpit:correct cockpit:appeal",
    "appeal.watch": "cockpit:appeals-upheld",
    "risk.report": "cockpit:risk-new",
    "risk.report|risk.view": "cockpit:risk",
    "risk.report|risk.view|tolerance.view": "cockpit:tolerance",
    "tolerance.apply": "cockpit:tolerance-apply",
    "tolerance.apply|tolerance.view": "cockpit:tolerance-case",
    "clearing.view": "cockpit:clearings cockpit:clearing",
    "clearing.keep": "cockpit:clearing-new",
    "document.view": ("document-check documents-of-all documents-together documents-together-file"),
    # A paper that is not one's own, or about a person, is not there (404).
    "document.view|document.view_own": "documents documents-of document-page paper-file",
    "document.issue": "document-new",
    "notice.sign": "notice-sign",
    # A person's row is not there (404) for who may not read it.
    "register.view": "cockpit:register cockpit:register-workbook cockpit:disposition",
    "register.view_own": "cockpit:register-own",
    "matter.view|matter.view_own": "casework:matter-file",
    "matter.run": "casework:matter-file-shown",
    "matter.import": "casework:import-hotline casework:import-province",
    "matter.figures": (
        "casework:matter-figures casework:matter-figure-list casework:matter-figure-workbook "
        "casework:matter-causes casework:matter-what-if casework:matter-month casework:matter-month-workbook "
        "matter-month-file"
    ),
    "matter.close_month": "casework:matter-month-close",
    "reporter.openings": "casework:reporter-openings casework:reporter-openings-workbook",
    "rating.view": "ratings:codes ratings:halls ratings:hall",
    "rating.code": "ratings:codes-new ratings:codes-posters ratings:code-end",
    "rating.ticket": "ratings:tickets ratings:served ratings:import-served ratings:import-cases",
    "rating.print": "ratings:tickets-new",
    "rating.import": "ratings:import-province",
    "plate.view": "casework:plates",
    "plate.edit": "casework:plates-new casework:plates-posters casework:plate-end",
    "hearing.view": (
        "casework:hearings casework:hearing casework:promises casework:promise casework:promise-evidence "
        "casework:week-now casework:week casework:month-now casework:month month-review-file"
    ),
    "hearing.edit": "casework:hearing-new casework:hearing-add",
    "hearing.vote": "casework:hearing-vote",
    # What another unit promised or was given is not there (404).
    "promise.view_own": "casework:promises-own casework:promise-report casework:week-report",
    "promise.check": "casework:week-check",
    "week.edit": "casework:week-assign casework:week-drop",
    "month.review": "casework:month-end",
    "case.view": "casework:typical-cases casework:typical-case",
    "case.write": "casework:typical-case-new casework:typical-case-edit",
    "list.view": "casework:conduct-lists casework:conduct-list",
    "list.draft": "casework:conduct-entry",
    # Of contacts one's own; the inspectorate reads all.
    "contact.report|contact.view_all": "casework:contacts",
    "contact.report": "casework:contact-new",
    "register.decide": "cockpit:register-decide",
    "register.serve": "cockpit:register-serve",
    "matter.view": "casework:matters casework:matter",
    "matter.register": (
        "casework:matters-held casework:intake-choose casework:intake casework:intake-look "
        "casework:matter-higher-number"
    ),
    "matter.export": "casework:matters-workbook",
    # What was not given to one's own unit is not there (404).
    "matter.handle": "casework:own-assignments casework:own-assignment",
    "matter.watch": "casework:matters-watched casework:matters-referred",
    "matter.decide": "casework:matter-decide",
    "rating.judge": (
        "ratings:held ratings:held-group ratings:judgments ratings:register-workbook ratings:figures-workbook"
    ),
    # Texts are for the centre alone; today's ratings are not there (404).
    "rating.judge|rating.watch": "ratings:register ratings:rating ratings:figures",
    "rating.watch": "ratings:watch",
    "rating.view_own": "ratings:own",
    "procedure.view": "casework:procedures casework:procedure",
    "reporter.open": "casework:matters-by-phone casework:matter-reporter",
    "officer.view": (
        "casework:officers casework:officers-workbook casework:covered-objects casework:covered-object "
        "casework:officers-list casework:officer casework:firm-questionnaire"
    ),
    "officer.edit": (
        "casework:import-covered-objects casework:covered-object-new casework:covered-object-edit "
        "casework:covered-object-code"
    ),
    "officer.own": "casework:officer-mine casework:officer-ask",
    "officer.visit": "casework:officer-visit",
    # An officer sees their own alone: what is of another one is not there (404).
    "officer.own|officer.view": "casework:visit-problems casework:visit-problem casework:visit-photo",
    # Of claims a department sees those that are assigned to it; others are not there (404).
    "benefit.view|benefit.view_own": (
        "benefits:claims benefits:claim benefits:items benefits:items-workbook benefits:item-version"
    ),
    # Another department's item is not there (404).
    "benefit.draft": "benefits:item-new benefits:item-draft benefits:import-items",
    "benefit.view": (
        "benefits:payments benefits:payment benefits:pools benefits:pool "
        "benefits:firms benefits:firm-page benefits:matching benefits:pushing "
        "benefits:fixed-lists benefits:fixed-list "
        "benefits:notice-running benefits:notice-list benefits:notice-list-workbook benefits:notice "
        "benefits:notice-workbook benefit-notice-file"
    ),
    "benefit.pool": "benefits:payments-treasury benefits:import-bank-dates",
    "benefit.claim": "benefits:claim-new benefits:firm-new benefits:firm-code",
    "benefit.claim|benefit.decide": "benefits:claim-papers",
    "benefit.match": "benefits:import-firms benefits:pushing-workbook benefits:fixed-list-new",
    "benefit.import": "benefits:import-claims",
    "benefit.export": "benefits:claim-trail",
    "benefit.close_month": "benefits:notice-close",
    "benefit.publish": "benefits:notice-publish",
}
PAGES = {name: action for action, names in OPENED_BY.items() for name in names.split()}
BY_POST_ALONE = {
    "office_auditentry_verify",
    "notice-sign",
    "casework:covered-object-code",
    "casework:matter-file-shown",
    "casework:intake-look",
    "casework:matter-month-close",
    "benefits:firm-code",
    "benefits:notice-close",
    "benefits:notice-publish",
}  # asked for as a page it is refused to everybody


@dataclass(frozen=True)
class Page:
    """An address: `name` has its namespace, `kind` says which page of a model it is ("" where it is none)."""

    route: str
    name: str
    model_admin: RoleAdmin | None = None
    kind: str = ""

    def opens_to(self, role: Role) -> bool:
        if self.model_admin is not None:
            return model_page_opens(role, self.model_admin, self.kind)
        needed = PAGES.get(self.name, NOBODY)
        return needed == SIGNED_IN or any(may(role, action) for action in needed.split("|"))

    @property
    def is_limited(self) -> bool:
        """Whether roles see different rows of a model."""
        return self.model_admin is not None and type(self.model_admin).limit is not RoleAdmin.limit

    def is_served_first_to(self, role: Role) -> bool:
        """Whether no role before this one opens it by the same actions, departments apart."""
        return not any(
            self.opens_to(other) and self._way_in(other) == self._way_in(role)
            for other in takewhile(lambda other: other != role, Role)
        )

    def _way_in(self, role: Role) -> tuple[bool, frozenset[str]]:
        of, named = self.model_admin, PAGES.get(self.name, NOBODY).split("|")
        if of is not None:
            named = [one for one in (of.view_action, of.edit_action) if one]
        return role in DEPARTMENT, frozenset(one for one in named if may(role, one))

    def is_closed_to(self, role: Role) -> bool:
        return PAGES.get(self.name) != NOBODY and not self.opens_to(role)

    def address(self, **values: Any) -> str:
        """Fill the address; what is not given is 0, which no object has."""
        parts = []
        for part in self.route.replace("^(?P<app_label>", "<app_label|").split("/"):
            name = part.partition("<")[2].partition(">")[0].rpartition(":")[2]
            if part.startswith("<app_label|"):
                parts.append("office")
            elif name:
                parts.append(f"{part.partition('<')[0]}{values.get(name, 0)}{part.partition('>')[2]}")
            else:
                parts.append(part.removesuffix("$"))
        return "/" + "/".join(parts)


def may(role: Role, action: str | None) -> bool:
    return role in PERMISSIONS.get(action or "", ())


def admins() -> list[RoleAdmin]:
    return list(admin.site._registry.values())  # type: ignore[arg-type]


def model_page_opens(role: Role, of: RoleAdmin, kind: str) -> bool:
    """Whether the table lets a role open this page of a model."""
    if kind in {"add", "delete"} and f"has_{kind}_permission" in vars(type(of)):
        return False  # closed to everybody: users are retired, not deleted
    return {
        "changelist": may(role, of.view_action) or may(role, of.edit_action),
        "change": may(role, of.view_action) or may(role, of.edit_action),
        "add": may(role, of.add_action or of.edit_action),
        "delete": may(role, of.delete_action or of.edit_action),
        "export": may(role, of.export_action),
        "history": False,
    }[kind]


def _resolved(patterns: list[Any], prefix: str = "", room: str = "") -> Iterator[tuple[str, str, Any]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (pattern.namespace or "").removeprefix("admin")
            yield from _resolved(pattern.url_patterns, route, f"{inner}:" if inner else "")
        elif isinstance(pattern, URLPattern):
            yield route, f"{room}{pattern.name or ''}", pattern.callback


def _pages() -> Iterator[Page]:
    by_model = {f"{of.opts.app_label}_{of.opts.model_name}": of for of in admins()}
    for route, name, callback in _resolved(get_resolver().url_patterns):
        model, _, kind = name.rpartition("_")
        stock = hasattr(callback, "model_admin") or (kind == "export" and model in by_model)
        if name:
            yield Page(route, name, by_model[model], kind) if stock else Page(route, name)


PAGES_FOUND = list(_pages())
OFFICE = [page for page in PAGES_FOUND if page.route.startswith("office/")]
PUBLIC = [page for page in PAGES_FOUND if page not in OFFICE]
