"""The start page: what waits for a user, how far their work is, and what they can do.

Each room adds to it: links with `add_link`, reminders and figures with `@reminds`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from operator import attrgetter

from django.urls import reverse

from office import roles
from office.models import User
from office.roles import Role


@dataclass(frozen=True)
class Link:
    """One line of the start page: a verb phrase, where it leads, and the action it needs.

    `words` replaces `label` for a user who may do a further action (action → words).
    """

    heading: str
    label: str
    url_name: str
    action: str
    hint: str = ""
    order: int = 100
    words: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    def worded_for(self, user: User) -> Link:
        fitting = (words for action, words in self.words.items() if roles.allowed(user, action))
        return replace(self, label=next(fitting, self.label))


HEADINGS = (
    "评价轮次",
    "事项办理",
    "惠企政策",
    "码上评",
    "结果运用",
    "本单位",
    "任务",
    "单位和人员",
    "市场主体和镇（街）",
    "监督核查",
    "系统管理",
)
GROUPS = (
    ("评价", ("评价轮次", "结果运用")),
    ("事项和惠企", ("事项办理", "惠企政策", "码上评")),
    ("单位和人员", ("本单位", "任务", "单位和人员", "市场主体和镇（街）")),
    ("监督", ("监督核查",)),
    ("系统", ("系统管理",)),
)
"""The menu beside the start page: five groups of headings."""
SHOWN_AT_ONCE = 8
_links: list[Link] = []


def add_link(
    heading: str,
    label: str,
    url_name: str,
    action: str,
    *,
    hint: str = "",
    order: int = 100,
    words: dict[str, str] | None = None,
) -> None:
    """Show a link to everyone who may do `action`; called from a room's admin."""
    if heading not in HEADINGS:
        raise ValueError(f"unknown heading {heading}")
    link = Link(heading, label, url_name, action, hint, order, words or {})
    if link not in _links:
        _links.append(link)


def links_for(user: User) -> Iterable[tuple[str, list[Link]]]:
    """Return headings with the links `user` may follow, in the order people work."""
    mine = [link.worded_for(user) for link in _links if roles.allowed(user, link.action)]
    mine.sort(key=attrgetter("order"))
    for heading in HEADINGS:
        if below := [link for link in mine if link.heading == heading]:
            yield heading, below


def menu_for(user: User) -> list[tuple[str, list[tuple[str, list[Link]]]]]:
    """Return the five groups with what `user` may follow; a group without a link is left out."""
    below = dict(links_for(user))
    found = [(group, [(name, below[name]) for name in names if name in below]) for group, names in GROUPS]
    return [(group, headings) for group, headings in found if headings]


@dataclass(frozen=True)
class Reminder:
    """One thing that waits for the user: a sentence and the page where it is done.

    What one press settles brings its button: `act` is the address that takes it.
    """

    text: str
    url: str
    note: str = ""
    is_late: bool = False
    act: str = ""
    button: str = ""


@dataclass(frozen=True)
class Line:
    """A figure: so many of so many, or a few words; where it leads, and what is missing."""

    label: str
    value: str
    url: str = ""
    done: int = 0
    total: int = 0
    note: str = ""


@dataclass(frozen=True)
class Panel:
    """Figures under one heading."""

    title: str
    lines: list[Line] = field(default_factory=list)


Contribution = Callable[[User], Iterable[Reminder | Panel]]
_contributions: list[tuple[frozenset[Role], Contribution]] = []


def reminds(*who: Role) -> Callable[[Contribution], Contribution]:
    """Register a function that yields reminders and panels of figures for users of these roles.

    It runs whenever one of them opens the start page: a query or two, the same number at any size.
    """

    def register(function: Contribution) -> Contribution:
        _contributions.append((frozenset(who), function))
        return function

    return register


def reminders_and_panels(user: User) -> tuple[list[Reminder], list[Panel]]:
    """Return the reminders of `user`, late ones first, and the panels."""
    found = [one for who, function in _contributions if user.role in who for one in function(user)]
    reminders = sorted((one for one in found if isinstance(one, Reminder)), key=lambda one: not one.is_late)
    return reminders, [one for one in found if isinstance(one, Panel)]
