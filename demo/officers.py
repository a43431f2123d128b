"""Twelve officers, forty objects and a year of visits: one object that nobody serves, one visited too often.

Firms answer with the codes they were handed; what officers hear is settled by the units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from casework.matters import assigning, calling, closing, handling
from casework.matters.state import State
from casework.models import Assignment, CoveredObject, Matter, OfficerLink, ServiceOfficer, Visit
from casework.officers import codes, linking, objects, questionnaires, rules, visiting
from casework.officers.problems import Heard
from casework.officers.visiting import Told
from demo.desk_texts import DEEDS, PROBLEMS, QUESTIONS
from demo.diary import Diary
from demo.matter_texts import COMPLETIONS, REPLIES
from departments.models import Department, Town
from office.models import User
from office.roles import Role
from office.workbooks.credit_codes import check_character

YEAR = 365
NAMES = "壹贰叁肆伍陆柒捌玖拾佰仟"
KINDS = (("enterprise", "示范第{:02d}制造有限公司", 33), ("street", "示范第{:02d}街区", 5))
PARKS = ("park", "示范第{:02d}特色园区", 2)
PROBLEM_IN, CALL_IN = 5, 3  # one visit in so many brings a problem, or a telephone call afterwards
WITHOUT_ANSWER = 14  # days in which a firm has not yet confirmed a visit


@dataclass
class Officers:
    """The year of the officers, as it is noted in the diary."""

    people: Mapping[str, User]
    handlers: Mapping[Department, Sequence[User]]
    diary: Diary
    visits_a_year: int

    def note(self) -> None:
        self.used = rules.in_use()
        self.since = self.diary.today - timedelta(days=YEAR)
        officers = self._appointed()
        listed = self._listed()
        for number, covered in enumerate(listed[:-1]):  # the last one has nobody
            linking.link_officer(
                covered=covered,
                officer=officers[number % len(officers)],
                deputy=officers[(number + 1) % len(officers)],
                from_day=self.since,
                acting_user=self.people["centre"],
            )
        questionnaires.make_questionnaire(
            title="企业需求调查表（示范）",
            lines=QUESTIONS,
            now=self.diary.now - timedelta(days=YEAR),
            acting_user=self.people["centre"],
        )
        links = OfficerLink.objects.select_related("officer__user", "object").order_by("object")
        confirming = {one.pk for one in listed[: len(listed) // 2]}
        for link in list(links)[:-1]:  # one has an officer and was never visited
            code = self._code(link.object) if link.object_id in confirming else ""
            self._visits(link, code)
        self._too_often(links[0])

    def _appointed(self) -> list[ServiceOfficer]:
        hashed = make_password(None)  # only the first signs in, with the account of the demo
        units = list(Department.objects.bodies().order_by("order", "id")[: len(NAMES)])
        users = [self.people["officer"]] + [
            User.objects.create(
                username=f"officer{number}",
                password=hashed,
                first_name=f"示范{name}",
                role=Role.SERVICE_OFFICER,
                is_staff=True,
            )
            for number, name in enumerate(NAMES[1:], start=2)
        ]
        return [
            linking.appoint_officer(
                user=user,
                unit=units[number % len(units)],
                post="副科级干部（示范）",
                acting_user=self.people["centre"],
            )
            for number, user in enumerate(users)
        ]

    def _listed(self) -> list[CoveredObject]:
        towns: list[Town | None] = [*Town.objects.order_by("order", "id")] or [None]
        wanted = [
            (kind, name.format(n)) for kind, name, count in (*KINDS, PARKS) for n in range(1, count + 1)
        ]
        return [
            objects.keep_object(
                covered=None,
                kind=kind,
                name=name,
                credit_code=_credit_code(number) if kind == KINDS[0][0] else "",
                town=towns[number % len(towns)],
                active_from=self.since,
                acting_user=self.people["centre"],
            )
            for number, (kind, name) in enumerate(wanted)
        ]

    def _code(self, covered: CoveredObject) -> str:
        return codes.give_code(
            covered=covered, now=self.diary.now - timedelta(days=YEAR), acting_user=self.people["centre"]
        )

    def _visits(self, link: OfficerLink, code: str) -> None:
        """Note a visit about every other month, calls between them, a problem now and then."""
        chance, step = self.diary.chance, YEAR // self.visits_a_year
        for number in range(self.visits_a_year):
            day = self.since + timedelta(days=number * step + chance.randrange(2, step))
            heard = self._heard() if chance.randrange(PROBLEM_IN) == 0 else None
            topics = chance.sample(("business", "labor", "finance", "permits"), 2)
            told = partial(Told, way="on_site", met="principal", topics=topics, heard=heard)
            self.diary.at(day, 15, partial(self._visit, link, code, told))
            if chance.randrange(CALL_IN) == 0:
                told = partial(Told, way="phone", met="finance", topics=("finance",))
                self.diary.at(day + timedelta(days=10), 15, partial(self._visit, link, code, told))

    def _heard(self) -> Heard:
        chance = self.diary.chance
        title, text = chance.choice(PROBLEMS)
        return Heard(
            title=title,
            text=text,
            level=chance.choice(("slight", "hard", "severe")),
            about=chance.choice(list(self.handlers)),
            own_deed=chance.choice(DEEDS),
        )

    def _too_often(self, link: OfficerLink) -> None:
        """Three visits in one month: the third says why."""
        first = (self.diary.today.replace(day=1) - timedelta(days=1)).replace(day=1)
        told = partial(Told, way="on_site", met="manager", topics=("utilities",))
        for number in (3, 12, 21):
            self.diary.at(first + timedelta(days=number), 10, partial(self._visit, link, "", told))

    def _visit(self, link: OfficerLink, code: str, told: partial[Told], at: datetime) -> None:
        day = timezone.localdate(at)
        if Visit.objects.filter(object=link.object_id, on=day, officer=link.officer_id).exists():
            return
        visit = visiting.enter_visit(
            covered=link.object,
            told=told(on=day, reason="企业请求现场协调（示范）。"),
            officer=link.officer,
            now=at,
            acting_user=link.officer.user,
            used=self.used,
        )
        if code and (self.diary.today - day).days > WITHOUT_ANSWER:
            self.diary.after(at, 2, partial(self._answer, code, visit))
        if visit.has_problem:
            matter = Matter.objects.select_related("version", "about").get(visit_problem__visit=visit)
            self.diary.after(at, self._days(1), partial(self._assign, matter))

    def _answer(self, code: str, visit: Visit, at: datetime) -> None:
        chance = self.diary.chance
        visiting.answer_visit(
            code=code,
            visit_id=visit.pk,
            happened=chance.randrange(40) > 0,
            stars=chance.choice((5, 5, 4, 3)),
            now=at,
        )

    # --- What is heard: from the unit's plan to the call that asks whether it helped

    def _days(self, most: int) -> int:
        """Return in how many working days of the limit it is done; now and then it is late."""
        late = self.diary.chance.randrange(12) == 0
        return most + 2 if late else self.diary.chance.randrange(most)

    def _handler(self, one: Assignment) -> User:
        """Return who of the unit does it: what is done again, the other one."""
        return self.handlers[one.unit][one.cycle % 2]

    def _assign(self, matter: Matter, at: datetime) -> None:
        unit = matter.about or next(iter(self.handlers))
        (one,) = assigning.assign_matter(
            matter=matter,
            units=(unit,),
            now=at,
            acting_user=self.people["centre"],
            reckoner=self.diary.reckoner,
        )
        self.diary.after(at, self._days(2), partial(self._plan, one))

    def _plan(self, one: Assignment, at: datetime) -> None:
        by = self._handler(one)
        signed = assigning.sign_for_assignment(assignment=one, now=at, acting_user=by)
        handling.reply_to_assignment(
            assignment=signed,
            reply=self.diary.chance.choice(REPLIES),
            outcome="solved",
            now=at,
            acting_user=by,
        )
        self.diary.after(at, self._days(5), partial(self._solve, one))

    def _solve(self, one: Assignment, at: datetime) -> None:
        handling.complete_assignment(
            assignment=Assignment.objects.select_related("matter__version", "unit").get(pk=one.pk),
            completion=self.diary.chance.choice(COMPLETIONS),
            now=at,
            acting_user=self._handler(one),
        )
        self.diary.after(at, self._days(1), partial(self._tell, one.matter_id))

    def _tell(self, matter_id: int, at: datetime) -> None:
        closing.tell_reporter(
            matter=_read(matter_id),
            text="您反映的问题已经解决，欢迎在回访时提出意见。",
            now=at,
            acting_user=self.people["centre"],
        )
        self.diary.after(at, self._days(4), partial(self._call, matter_id))

    def _call(self, matter_id: int, at: datetime) -> None:
        """Call back; whoever is not reached is called again on another day."""
        chance, centre = self.diary.chance, self.people["centre"]
        reached, matter = chance.randrange(8) > 0, _read(matter_id)
        if matter.state != State.CALLING:  # nobody was ever reached
            return
        satisfied = chance.choice(("满意",) * 6 + ("基本满意",) * 3 + ("不满意",))
        calling.note_call(
            matter=matter,
            way="电话",
            is_reached=reached,
            answers={"done": "已经解决", "satisfaction": satisfied} if reached else None,
            now=at,
            acting_user=centre,
        )
        if not reached:
            self.diary.after(at, 1, partial(self._call, matter_id))
            return
        matter = _read(matter_id)
        if matter.state == State.CLOSING:
            closing.close_matter(matter=matter, outcome="solved", now=at, acting_user=centre)
        elif matter.state == State.JUDGED:  # not satisfied: it is done again
            self.diary.after(at, 1, partial(self._assign, matter))


def _read(matter_id: int) -> Matter:
    return Matter.objects.select_related("version", "about").get(pk=matter_id)


def _credit_code(number: int) -> str:
    body = f"91999999MADE{number:05d}"
    return body + check_character(body)
