"""A county with entities to invite and a survey whose slips are printed: where sittings begin."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client
from django.utils import timezone
from stdnum.cn import uscc

from departments.models import Membership
from office.models import User
from office.roles import Role
from surveys.models import EntityKind, MarketEntity, Sitting, Survey
from tests.kit.stored_states import stored
from tests.kit.survey_office import Office, office_here

SLIPS = {"private": 20, "sole_trader": 25}
ENTITIES = 40  # of each kind in each town


def code(number: int) -> str:
    """A 统一社会信用代码 with the right check character."""
    body = f"91410000MA{number:07d}"
    return body + uscc.calc_check_digit(body)


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
    MarketEntity.objects.bulk_create(
        MarketEntity(
            code=code(1000 * place + 100 * order + number),
            name=f"{town}{kind.label}{number}号",
            kind=kind,
            town=town,
            contact="某人",
            phone="0000",
        )
        for place, town in enumerate(office.towns, start=1)
        for order, kind in enumerate(EntityKind)
        for number in range(ENTITIES)
    )
    survey = office.freeze(office.planned(dict.fromkeys((0, 1), slips or SLIPS)))
    office.print_all(survey)
    return Hall(office, office.open(survey))


def when(**changed: str) -> dict[str, str]:
    """What a town fills in for time and place."""
    return {
        "date": timezone.localdate().isoformat(),
        "begins": "09:30",
        "place": "东镇文化站",
        "inquiries": "0530-0000000",
        **changed,
    }
