"""The demo county's ballots are as valid as any phone's, and made nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from office.errors import Refused
from surveys import queries
from surveys.ballots.sealing import Comment
from surveys.models import Ballot
from surveys.voting.demo_box import fill_box
from tests.surveys.conftest import Office, Voter, error


@pytest.mark.both_databases
def test_demo_ballots_pass_every_check_and_count(office: Office) -> None:
    survey, slips = office.ready()
    said = [Comment(0, "等候过久", "")]
    votes = [(slip, {"p1": {"overall": "满意"}}, said) for slip in slips["private"][:12]]
    assert fill_box(survey=survey, votes=votes) == 12
    assert error(Voter(survey, slips["private"][0]).redeem()) == (409, "used")
    office.close(survey)
    office.tally(survey)
    assert queries.counts(survey)["private"]["p1"]["overall"]["满意"] == 12


def test_outside_a_demonstration_the_server_makes_no_ballot(office: Office, settings: Any) -> None:
    survey, slips = office.ready()
    settings.DEMO = False
    with pytest.raises(Refused, match="演示"):
        fill_box(survey=survey, votes=[(slips["private"][0], {}, [])])
    assert Ballot.objects.count() == 0
