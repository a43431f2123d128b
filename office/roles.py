"""The table of roles and what each may do; services and admin both ask it."""

from __future__ import annotations

from typing import Protocol

from django.db.models import TextChoices

from office.errors import Refused


class HasRole(Protocol):
    """Whoever asks: a user, known here by nothing but role and state."""

    role: str
    is_active: bool


class Role(TextChoices):
    """A user's one role (岗位角色); duties of system, business and audit are kept apart."""

    ADMINISTRATOR = "administrator", "系统管理员"
    CENTRE_OPERATOR = "centre_operator", "评价中心经办"
    CENTRE_REVIEWER = "centre_reviewer", "评价中心复核"
    LEADING_GROUP = "leading_group", "领导小组"
    DEPARTMENT_OFFICER = "department_officer", "部门经办"
    DEPARTMENT_REVIEWER = "department_reviewer", "部门审核"
    TOWN_ORGANIZER = "town_organizer", "镇街组织员"
    PAPER_CLERK = "paper_clerk", "纸质票录入员"
    INSPECTORATE = "inspectorate", "纪检监察"
    MARKER = "marker", "评议人"
    WINDOW_CLERK = "window_clerk", "窗口办事员"
    SERVICE_OFFICER = "service_officer", "首席服务官"


R = Role
CENTRE = frozenset({R.CENTRE_OPERATOR, R.CENTRE_REVIEWER})
DEPARTMENT = frozenset({R.DEPARTMENT_OFFICER, R.DEPARTMENT_REVIEWER})
INSIDE = CENTRE | {R.LEADING_GROUP, R.INSPECTORATE}
# These roles see or decide for the whole county: a password alone is not enough for them.
PRIVILEGED = INSIDE | {R.ADMINISTRATOR}
# One of these agrees before a privileged account is handed over (office/accounts/two_persons.py).
CONFIRMERS = frozenset({R.INSPECTORATE, R.LEADING_GROUP})

# What may be done (动作 → 角色). A role that is not listed may not. Department people are further
# limited to their own department, town organizers to their own town, by the querysets.
PERMISSIONS: dict[str, frozenset[Role]] = {
    "account.manage": frozenset({R.ADMINISTRATOR}),
    "account.confirm": CONFIRMERS,
    "audit.view": frozenset({R.INSPECTORATE}),
    "audit.export": frozenset({R.INSPECTORATE}),
    "job.view": CENTRE | {R.ADMINISTRATOR, R.INSPECTORATE},
    "job.retry": CENTRE | {R.ADMINISTRATOR},
    "calendar.view": INSIDE | {R.ADMINISTRATOR},
    "calendar.edit": CENTRE,
    "department.view": INSIDE | DEPARTMENT,
    "department.edit": CENTRE,
    "window.view": INSIDE | DEPARTMENT,
    "window.edit": CENTRE,
    "window.import": CENTRE,
    "roster.view": INSIDE | DEPARTMENT,
    "roster.edit": CENTRE | DEPARTMENT,
    "roster.delete": CENTRE,
    "roster.import": CENTRE,
    "roster.import_own": frozenset({R.DEPARTMENT_OFFICER}),
    "disclosure.view": INSIDE | DEPARTMENT,
    "disclosure.submit": frozenset({R.CENTRE_OPERATOR, R.DEPARTMENT_OFFICER}),
    "disclosure.review": frozenset({R.DEPARTMENT_REVIEWER}),
    "disclosure.approve": CENTRE,
    "disclosure.take_down": CENTRE | DEPARTMENT,
    "town.view": INSIDE | {R.TOWN_ORGANIZER},
    "town.edit": CENTRE,
    "task.view": INSIDE | DEPARTMENT | {R.TOWN_ORGANIZER},
    "task.edit": CENTRE,
    "task.report": DEPARTMENT | {R.TOWN_ORGANIZER},
    # Whoever serves, decides or chases sends; whom a notice went to signs, nobody of another unit.
    "notice.send": INSIDE,
    "notice.view": frozenset(R),
    "notice.view_all": INSIDE,
    "notice.sign": frozenset(R),
    "nudge.view": frozenset({R.ADMINISTRATOR}),
    # Matters (事项): who acts at a stage is said by the procedure; this is the widest it may say.
    "procedure.view": INSIDE | {R.ADMINISTRATOR, R.WINDOW_CLERK},
    "procedure.activate": CENTRE,
    "matter.view": INSIDE | {R.WINDOW_CLERK},
    "matter.view_own": DEPARTMENT | {R.TOWN_ORGANIZER},
    "matter.register": CENTRE | {R.WINDOW_CLERK},
    "matter.bring": CENTRE | {R.WINDOW_CLERK, R.SERVICE_OFFICER},
    "matter.run": CENTRE | {R.WINDOW_CLERK},
    "matter.export": CENTRE | {R.INSPECTORATE},
    "matter.import": CENTRE | {R.WINDOW_CLERK},
    "matter.figures": INSIDE | {R.WINDOW_CLERK},
    "matter.close_month": CENTRE,
    "matter.handle": DEPARTMENT | {R.TOWN_ORGANIZER},
    "matter.countersign": frozenset({R.CENTRE_REVIEWER}),
    "matter.decide": frozenset({R.LEADING_GROUP}),
    "matter.review": CENTRE | {R.LEADING_GROUP},
    "matter.extend": CENTRE | {R.WINDOW_CLERK, R.LEADING_GROUP},
    "matter.watch": frozenset({R.INSPECTORATE, R.LEADING_GROUP}),
    # Who reported: never a unit, never who leads it; each look has a reason that the inspectorate reads.
    "reporter.open": CENTRE,
    "reporter.openings": frozenset({R.INSPECTORATE}),
    # Officers who serve firms (首席服务官): the centre links them, each enters their own visits.
    "officer.view": INSIDE,
    "officer.edit": CENTRE,
    "officer.own": frozenset({R.SERVICE_OFFICER}),
    "officer.visit": CENTRE | {R.SERVICE_OFFICER},
    # Hearings, weeks, reviews: the centre keeps them, another of it checks; a unit sees its own.
    "hearing.view": INSIDE,
    "hearing.edit": CENTRE,
    "hearing.vote": CENTRE,
    "week.edit": CENTRE,
    "promise.check": CENTRE,
    "promise.view_own": DEPARTMENT | {R.TOWN_ORGANIZER},
    "month.review": CENTRE | {R.LEADING_GROUP},
    # Typical cases are shown with the inspectorate's leave; lists are approved by another than who drafts.
    "case.view": INSIDE,
    "case.write": CENTRE,
    "case.approve": frozenset({R.INSPECTORATE}),
    "case.withdraw": CENTRE | {R.INSPECTORATE},
    "list.view": INSIDE,
    "list.draft": CENTRE,
    "list.approve": frozenset({R.CENTRE_REVIEWER, R.LEADING_GROUP, R.INSPECTORATE}),
    # Contacts with firms: one's own, and for the inspectorate all; for nobody else.
    "contact.report": CENTRE
    | DEPARTMENT
    | {R.LEADING_GROUP, R.TOWN_ORGANIZER, R.WINDOW_CLERK, R.SERVICE_OFFICER},
    "contact.view_all": frozenset({R.INSPECTORATE}),
    "plate.view": CENTRE | {R.INSPECTORATE},
    "plate.edit": CENTRE,
    "benefit.view": INSIDE | {R.WINDOW_CLERK},
    "benefit.view_own": DEPARTMENT,
    "benefit.draft": DEPARTMENT | CENTRE,
    "benefit.approve": CENTRE,
    "benefit.claim": CENTRE | {R.WINDOW_CLERK},
    "benefit.decide": DEPARTMENT,
    "benefit.pay": DEPARTMENT,
    "benefit.pool": CENTRE,
    "benefit.match": CENTRE | {R.WINDOW_CLERK},
    "benefit.import": CENTRE | {R.WINDOW_CLERK},
    "benefit.export": CENTRE | {R.INSPECTORATE},
    # One closes a month, another of the centre publishes its notice.
    "benefit.close_month": CENTRE,
    "benefit.publish": CENTRE,
    "rating.view": INSIDE | {R.WINDOW_CLERK},
    "rating.code": CENTRE,
    "rating.ticket": CENTRE | {R.WINDOW_CLERK},
    # Who stands at the rated window prints no rights to rate it.
    "rating.print": CENTRE,
    "rating.judge": CENTRE,
    "rating.import": CENTRE,
    "rating.watch": frozenset({R.INSPECTORATE, R.LEADING_GROUP}),
    "rating.view_own": DEPARTMENT | {R.TOWN_ORGANIZER},
    "entity.view": CENTRE | {R.INSPECTORATE, R.TOWN_ORGANIZER},
    "entity.edit": CENTRE,
    "entity.import": CENTRE,
    "supervisor.view": CENTRE | {R.INSPECTORATE},
    "supervisor.edit": CENTRE,
    "supervisor.import": CENTRE,
    # Who may be asked and who was drawn: nobody who is judged, nor who leads them, sees a name.
    "pool.view": CENTRE | {R.INSPECTORATE},
    "pool.edit": CENTRE,
    "pool.import": CENTRE,
    "pool.draw": frozenset({R.CENTRE_OPERATOR}),
    "pool.names": frozenset({R.CENTRE_OPERATOR, R.INSPECTORATE}),
    "pool.replace": frozenset({R.CENTRE_OPERATOR}),
    "sample.view": CENTRE | DEPARTMENT | {R.INSPECTORATE},
    "sample.hand_in": frozenset({R.DEPARTMENT_OFFICER}),
    "sample.count": CENTRE | {R.INSPECTORATE},
    "scheme.view": INSIDE,
    "scheme.activate": CENTRE,
    "round.view": INSIDE,
    "round.edit": frozenset({R.CENTRE_OPERATOR}),
    "round.cancel": frozenset({R.CENTRE_REVIEWER, R.LEADING_GROUP}),
    "round.open": frozenset({R.CENTRE_OPERATOR}),
    "round.close": frozenset({R.CENTRE_OPERATOR}),
    # What is gathered beside the ballot: one enters, another confirms and settles.
    "gathering.enter": frozenset({R.CENTRE_OPERATOR}),
    "gathering.settle": frozenset({R.CENTRE_REVIEWER}),
    "gathering.reopen": frozenset({R.CENTRE_REVIEWER, R.LEADING_GROUP}),
    # Mark sheets: two persons open a panel together; before that nobody sees a mark of somebody else.
    "sheets.prepare": frozenset({R.CENTRE_OPERATOR}),
    "sheets.mark": INSIDE | DEPARTMENT | {R.TOWN_ORGANIZER, R.MARKER},
    "sheets.unseal": frozenset({R.CENTRE_REVIEWER, R.LEADING_GROUP, R.INSPECTORATE}),
    "sheets.void": frozenset({R.CENTRE_REVIEWER}),
    "round.compute": frozenset({R.CENTRE_OPERATOR, R.CENTRE_REVIEWER}),
    "round.sign_off": frozenset({R.CENTRE_REVIEWER, R.LEADING_GROUP}),
    # Where the scheme's text asks for it, after the sign-off; never by who computed or signed off.
    "round.approve": frozenset({R.LEADING_GROUP}),
    "round.return": frozenset({R.CENTRE_REVIEWER, R.LEADING_GROUP}),
    "round.serve": frozenset({R.CENTRE_OPERATOR}),
    "appeal.lodge": CENTRE | DEPARTMENT | {R.TOWN_ORGANIZER},
    "appeal.decide": frozenset({R.CENTRE_REVIEWER, R.LEADING_GROUP}),
    # Tolerance and clearing (WY-R10): a risk report is seen by its own unit and by those who weigh it.
    "risk.report": DEPARTMENT | {R.TOWN_ORGANIZER},
    "risk.view": frozenset({R.INSPECTORATE, R.LEADING_GROUP}),
    "tolerance.apply": DEPARTMENT | {R.TOWN_ORGANIZER},
    "tolerance.view": frozenset({R.CENTRE_REVIEWER, R.INSPECTORATE, R.LEADING_GROUP}),
    "tolerance.settle": frozenset({R.INSPECTORATE, R.LEADING_GROUP}),
    "clearing.view": frozenset({R.CENTRE_REVIEWER, R.INSPECTORATE, R.LEADING_GROUP}),
    "clearing.keep": frozenset({R.CENTRE_REVIEWER, R.INSPECTORATE}),
    "clearing.sealed": frozenset({R.INSPECTORATE}),
    "appeal.watch": frozenset({R.INSPECTORATE}),
    "round.end_appeals": frozenset({R.CENTRE_OPERATOR}),
    "round.publish": frozenset({R.CENTRE_OPERATOR, R.CENTRE_REVIEWER}),
    # The register of consequences: a person's rows are seen by who decides, checks or watches, never by all.
    "register.view": INSIDE,
    "register.persons": frozenset({R.CENTRE_REVIEWER, R.LEADING_GROUP, R.INSPECTORATE}),
    "register.view_own": DEPARTMENT | {R.TOWN_ORGANIZER},
    "register.decide": frozenset({R.CENTRE_REVIEWER, R.LEADING_GROUP}),
    "register.serve": CENTRE,
    "register.hand_in": DEPARTMENT | {R.TOWN_ORGANIZER},
    "register.check": frozenset({R.CENTRE_REVIEWER, R.INSPECTORATE}),
    # The yearly account: a unit reads its own; a person's is read as the register's rows are.
    "yearly.view": INSIDE,
    "yearly.view_own": DEPARTMENT | {R.TOWN_ORGANIZER},
    "yearly.persons": frozenset({R.CENTRE_REVIEWER, R.LEADING_GROUP, R.INSPECTORATE}),
    "yearly.persons_own": frozenset({R.DEPARTMENT_REVIEWER}),
    "yearly.answer": frozenset({R.CENTRE_REVIEWER, R.INSPECTORATE}),
    "yearly.report": CENTRE,
    # Official papers; those about persons are read and made only by those who decide or watch.
    "document.view": INSIDE,
    "document.issue": CENTRE | {R.LEADING_GROUP},
    "document.persons": frozenset({R.CENTRE_REVIEWER, R.LEADING_GROUP, R.INSPECTORATE}),
    "document.withdraw": frozenset({R.CENTRE_REVIEWER, R.LEADING_GROUP}),
    "document.bodies": CENTRE,
    "document.view_own": DEPARTMENT | {R.TOWN_ORGANIZER},
    # A unit plans its rectification (the centre for one without an account); another of the centre checks.
    "rectification.view": INSIDE,
    "rectification.view_own": DEPARTMENT | {R.TOWN_ORGANIZER},
    "rectification.begin": CENTRE,
    "rectification.plan": DEPARTMENT | CENTRE | {R.TOWN_ORGANIZER},
    "rectification.check": CENTRE,
    "rectification.chase": CENTRE,
    "result.view": INSIDE,
    # Their department with its sections and windows; the unit of their town.
    "result.view_own": DEPARTMENT | {R.TOWN_ORGANIZER},
    "result.download": INSIDE,
    "slip.print": frozenset({R.CENTRE_OPERATOR, R.TOWN_ORGANIZER}),
    "sitting.view": INSIDE | {R.TOWN_ORGANIZER},
    "sitting.edit": frozenset({R.CENTRE_OPERATOR, R.TOWN_ORGANIZER}),
    "sitting.prefer": frozenset({R.CENTRE_OPERATOR}),
    "sitting.reopen": frozenset({R.CENTRE_OPERATOR}),
    "survey.view": INSIDE,
    "survey.tally": frozenset({R.INSPECTORATE, R.CENTRE_OPERATOR}),
    "survey.import": frozenset({R.INSPECTORATE}),
    "slip.return": frozenset({R.CENTRE_OPERATOR, R.INSPECTORATE, R.TOWN_ORGANIZER}),
    "slip.count": frozenset({R.CENTRE_OPERATOR, R.INSPECTORATE}),
    # Two persons, because no role may do both.
    "slip.hold": frozenset({R.CENTRE_OPERATOR, R.TOWN_ORGANIZER}),
    "slip.replace": frozenset({R.CENTRE_REVIEWER, R.INSPECTORATE}),
    "control.view": CENTRE | {R.INSPECTORATE},
    "control.explain": frozenset({R.INSPECTORATE}),
    "comment.propose": frozenset({R.CENTRE_OPERATOR}),
    "comment.approve": frozenset({R.CENTRE_REVIEWER}),
    "comment.view": INSIDE,
    "comment.view_own": DEPARTMENT,
    "paper.view": CENTRE | {R.INSPECTORATE, R.PAPER_CLERK},
    "paper.exchange": frozenset({R.CENTRE_OPERATOR, R.TOWN_ORGANIZER}),
    "paper.print": frozenset({R.CENTRE_OPERATOR, R.TOWN_ORGANIZER}),
    "paper.label": frozenset({R.CENTRE_OPERATOR, R.PAPER_CLERK}),
    "paper.key": frozenset({R.PAPER_CLERK}),
    "paper.settle": frozenset({R.PAPER_CLERK, R.CENTRE_OPERATOR}),
    "paper.decide": frozenset({R.CENTRE_REVIEWER}),
    "paper.finish": frozenset({R.CENTRE_OPERATOR}),
    "survey.bundle": CENTRE | {R.INSPECTORATE},
    # Holds every table in the clear, also those of one answer (docs/decisions/0009).
    "survey.results_bundle": frozenset({R.INSPECTORATE}),
}


def allowed(user: HasRole | None, action: str) -> bool:
    """Whether `user` may do `action`; an action missing from the table is a KeyError, never a yes.

    A superuser counts as a system administrator and gets nothing beyond that role.
    """
    roles = PERMISSIONS[action]
    return user is not None and user.is_active and user.role in roles


def in_words(action: str) -> str:
    """Name the roles that may do `action`, for a sentence that says whose turn it is."""
    return "、".join(role.label for role in Role if role in PERMISSIONS[action])


def require(user: HasRole | None, action: str) -> None:
    if not allowed(user, action):
        raise Refused("您的岗位角色没有这项操作的权限", "如确需办理，请联系系统管理员。")
