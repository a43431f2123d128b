"""A county whose voters rate units as wholes: two peer groups, one round of any scheme that asks so."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.test import Client
from django.utils import timezone

from departments.kinds import UnitKind
from departments.models import Department, Town
from evaluations import services
from evaluations.models import Channel, Round
from evaluations.rounds.voters import voter_kinds
from evaluations.schemes.groups import groups_of
from office.models import User
from office.roles import Role
from surveys import queries
from surveys import services as surveys
from surveys.ballots.sealing import Comment
from surveys.voting.simulated_phone import Phone
from tests.evaluations.county import BASE_DATE, CLOSED, NOW, OPENED, PASSPHRASE, fresh

GUANGYUAN = {"县区": ("甲县", "乙县"), "市级部门": ("甲局", "乙局", "丙局")}
JILIN = {"局室公司": ("区甲局", "区乙局"), "基层单位": ("区丙站",)}
WUYANG = {"行政执法": ("甲局", "乙局", "丙局"), "乡镇": ("东镇", "西镇")}

Said = Mapping[str, Mapping[str, str]]  # a unit's name → question → word


class UnitsCounty:
    """Units of peer groups, users of every role, and the steps of a round about units."""

    round: Round

    def __init__(self, scheme_id: str, groups: Mapping[str, tuple[str, ...]]) -> None:
        self.users = {role.value: User.objects.create_user(role.value, role=role) for role in Role}
        self.operator = self.users["centre_operator"]
        self.reviewer = self.users["centre_reviewer"]
        self.towns = [
            Town.objects.create(name=name, order=n) for n, name in enumerate(["东门街道", "西河镇"])
        ]
        order = 0
        for group, names in groups.items():
            for name in names:
                order += 1
                Department.objects.create(name=name, peer_group=group, order=order)
        (self.scheme,) = [one for one in services.load_schemes() if one.scheme_id == scheme_id]
        of = groups_of(self.scheme)
        kind = next(kind for kind in UnitKind if of.takes(kind))  # a scheme about windows takes only them
        Department.objects.update(kind=kind)
        self.urls: dict[str, list[str]] = {}

    @property
    def departments(self) -> list[Department]:
        return list(Department.objects.all())

    @property
    def keys(self) -> dict[str, str]:
        return {one.name: f"d{one.pk}" for one in Department.objects.all()}

    def create(self, **changes: object) -> Round:
        wanted: dict[str, object] = {
            "title": "2026年第三季度评议",
            "period": "2026-Q3",
            "scheme_version": self.scheme,
            "base_date": BASE_DATE,
            "persons_public": "none",
            "persons_public_decision": "",
            "acting_user": self.operator,
        }
        self.round = services.create_round(**{**wanted, **changes})  # type: ignore[arg-type]
        return self.round

    def prepare(self, slips: int = 40) -> Round:
        """Freeze the list, plan slips, make and print them."""
        round_ = services.freeze_subjects(round=self.round, acting_user=self.operator)
        kinds = voter_kinds(round_)
        plan = {
            self.towns[0].pk: dict.fromkeys(kinds, slips // 2),
            self.towns[1].pk: dict.fromkeys(kinds, slips - slips // 2),
        }
        services.plan_slips(round=round_, plan=plan, acting_user=self.operator)
        self.round = services.prepare_ballot(
            round=fresh(round_), passphrase=PASSPHRASE, acting_user=self.operator
        )
        assert self.round.survey is not None
        for batch in queries.batches(self.round.survey):
            printed = surveys.print_batch(batch=batch, acting_user=self.operator)
            self.urls.setdefault(batch.stratum.kind, []).extend(slip.url for slip in printed)
        return self.round

    def open(self) -> Round:
        self.round = services.open_round(
            round=self.round, passphrase=PASSPHRASE, today=OPENED, acting_user=self.operator
        )
        return self.round

    def vote(self, said: Said, *, kind: str = "", remark: Comment | None = None) -> None:
        """Cast one ballot as a voter's phone does; `kind` of voter where there are several."""
        urls = self.urls[kind] if kind else next(iter(self.urls.values()))
        _, key, code, *_ = urls.pop().partition("#")[2].split(".")
        public = json.loads(Client().get(f"/v/form/{key}.json").content)["public"]
        phone = Phone(public, key, code)
        phone.take(self._post("/v/redeem", phone.redeem()))
        answers = {self.keys[name]: dict(words) for name, words in said.items()}
        self._post("/v/cast", phone.cast(answers, [remark] if remark else None))

    def _post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        sent = Client().post(path, json.dumps(body), content_type="application/json")
        assert sent.status_code == 200, sent.content.decode()
        return dict(sent.json())

    def close(self) -> Round:
        self.round = services.close_round(round=self.round, today=CLOSED, acting_user=self.operator)
        return self.round

    def tally(self) -> Round:
        self.round = services.tally_round(round=self.round, passphrase=PASSPHRASE, acting_user=self.operator)
        return self.round

    def without(self, need: str) -> None:
        """Do without a channel beside the ballot."""
        Channel.objects.filter(round=self.round, need=need).update(
            state=Channel.State.SET_ASIDE,
            set_aside_reason="本时段没有开展",
            settled_by=self.operator,
            settled_at=timezone.now(),
        )

    def compute(self) -> Round:
        services.compute_round(round=self.round, now=NOW, acting_user=self.operator)
        self.round = fresh(self.round)
        return self.round
