"""A county with entities to invite and a survey whose slips are printed: where sittings begin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from django.test import Client
from django.utils import timezone
from stdnum.cn import uscc

from departments.models import Membership, Town
from office.models import User
from office.roles import Role
from surveys import services
from surveys.models import EntityKind, MarketEntity, Sitting, Survey
from tests.kit.stored_states import stored
from tests.kit.survey_office import Office, office_here

SLIPS = {"private": 20, "sole_trader": 25}
ENTITIES = 40  # of each kind in each town


def code(number: int) -> str:
    """A 统一社会信用代码 with the right check character."""
    body = f"91410000MA{number:07d}"
    return body + uscc.calc_check_digit(body)


def fill_library(towns: Iterable[Town], each: int) -> None:
    """So many entities of each kind in each town."""
    MarketEntity.objects.bulk_create(
        MarketEntity(
            code=code(1000 * place + 100 * order + number),
            name=f"{town}{kind.label}{number}号",
            kind=kind,
            town=town,
            contact="某人",
            phone="0000",
        )
        for place, town in enumerate(towns, start=1)
        for order, kind in enumerate(EntityKind)
        for number in range(each)
    )


@dataclass
class Hall:
    """The office, its survey, and who comes in from where."""

    office: Office
    survey: Survey

    def sign_in(self, role: Role, town: int | None = None) -> Client:
        """A browser of a role; a town organizer of the eastern (0) or western (1) town."""
        user, made = User.objects.get_or_create(username=f"{role}-{town}", role=role)
        if made and town is not None:
            Membership.objects.create(user=user, town=self.office.towns[town])
        client = Client()
        client.force_login(user)
        return client

    def organizer(self, town: int = 0) -> User:
        self.sign_in(Role.TOWN_ORGANIZER, town)
        return User.objects.get(username=f"{Role.TOWN_ORGANIZER}-{town}")

    def sitting(self) -> Sitting:
        return Sitting.objects.order_by("-id")[0]


@stored
def make_hall(**slips: int) -> Hall:
    """Two towns with as many slips each, forty entities of each kind in each, and an open survey."""
    office = office_here()
    fill_library(office.towns, ENTITIES)
    survey = office.freeze(office.planned(dict.fromkeys((0, 1), slips or SLIPS)))
    office.print_all(survey)
    return Hall(office, office.open(survey))


INVITED = {"private": (10, 3), "sole_trader": (8, 2)}  # kind → invited, substitutes


@stored
def drawn_hall() -> Hall:
    """The eastern town has a sitting today, and its list is drawn."""
    hall = make_hall()
    user, today = hall.organizer(), timezone.localdate()
    at = services.When(today, time(9, 30), "东镇文化站", "0530-0000000")
    sitting = services.plan_sitting(
        survey=hall.survey, town=hall.office.towns[0], when=at, today=today, acting_user=user
    )
    wanted = {stratum.pk: INVITED[stratum.kind] for stratum in hall.survey.strata.all()}
    services.draw_invitations(sitting=sitting, wanted=wanted, acting_user=user)
    return hall


@stored
def busy_hall() -> Hall:
    """Everything up to the counts: eighteen invited, all there but one, for whom a substitute came."""
    hall = drawn_hall()
    sitting, user = hall.sitting(), hall.organizer()
    services.record_witnesses(
        sitting=sitting,
        first_witness="甲一",
        second_witness="乙二",
        no_judged_official=True,
        acting_user=user,
    )
    absent = sitting.invitations.filter(stratum__kind="private", is_substitute=False)[0]
    there = sitting.invitations.filter(is_substitute=False).exclude(pk=absent.pk)
    steps_in = sitting.invitations.filter(stratum=absent.stratum_id, is_substitute=True)[0]
    arrived = [*there.values_list("pk", flat=True), steps_in.pk]
    services.record_attendance(sitting=sitting, arrived=arrived, taken_back=[], acting_user=user)
    return hall


def when(**changed: str) -> dict[str, str]:
    """What a town fills in for time and place."""
    return {
        "date": timezone.localdate().isoformat(),
        "begins": "09:30",
        "place": "东镇文化站",
        "inquiries": "0530-0000000",
        **changed,
    }
