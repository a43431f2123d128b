"""The start page: what waits for a user, how far their work is, and what they can do.

Each room adds to it: links with `add_link`, reminders and figures with `@reminds`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import attrgetter

from django.urls import reverse
from django.utils import timezone

from office import dates, roles
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
SHORT_MENU = 16
"""So many links are all in view; a longer menu is folded, but for one group."""
OWN = "本单位"
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


def unfolded(menu: list[tuple[str, list[tuple[str, list[Link]]]]]) -> list[str]:
    """Which groups are in view: of a long menu the one of the own unit, for others the first."""
    groups = [group for group, _ in menu]
    if sum(len(links) for _, headings in menu for _, links in headings) <= SHORT_MENU:
        return groups
    own = [group for group, headings in menu if any(name == OWN for name, _ in headings)]
    return own or groups[:1]


LOOKED_AT = ("查看", "阅知")


@dataclass(frozen=True)
class Reminder:
    """One thing that waits for the user: a sentence, until when, and the page where it is done.

    What one press settles brings its button: `act` is the address that takes it.
    """

    text: str
    url: str
    note: str = ""
    is_late: bool = False
    act: str = ""
    button: str = ""
    until: date | datetime | None = None
    leads: bool = False
    """Holds up a whole round: never among the rest that is folded."""

    @property
    def go(self) -> str:
        """What its button says; one that only has to be read, or has a button of its own, is looked at."""
        return "查看" if self.act or self.text.startswith(LOOKED_AT) else "办理"

    @property
    def until_in_words(self) -> str:
        if self.until is None:
            return ""
        if isinstance(self.until, datetime):
            said, is_over = dates.moment(self.until), self.until <= timezone.now()
        else:
            said, is_over = dates.day(self.until), self.until < timezone.localdate()
        return f"期限{said}" + ("，已过" if is_over else "")

    def before_others(self) -> tuple[bool, bool, date]:
        """What holds up a round stands first, then late ones, then by day; what has no day stands last."""
        day = self.until.date() if isinstance(self.until, datetime) else self.until
        return not self.leads, not self.is_late, day or date.max


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
    """Return the reminders of `user`, in the order in which they press, and the panels."""
    found = [one for who, function in _contributions if user.role in who for one in function(user)]
    reminders = sorted(
        (one for one in found if isinstance(one, Reminder)), key=lambda one: one.before_others()
    )
    return reminders, [one for one in found if isinstance(one, Panel)]
