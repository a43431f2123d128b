"""Slips: planned, printed, printed again; no code is ever stored."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from departments.models import Membership
from office.errors import Refused
from office.models import User
from office.roles import Role
from surveys import services
from surveys.ballots.slips import hash_code, in_fours, normalize
from surveys.keys import keyring
from surveys.models import Slip, SlipBatch
from surveys.slips import pdf as slip_pdf
from surveys.slips.printed import PrintedSlip
from tests.kit.survey_office import Office, Voter, error

CODE = re.compile(r"^\s*((?:[2-9A-Z]{4}\s){3}[2-9A-Z]{4})\s*$", re.MULTILINE)


@pytest.mark.both_databases
def test_a_plan_becomes_batches_of_at_most_500(office: Office) -> None:
    survey = office.create()
    plan = {office.towns[0].pk: {"private": 1001}, office.towns[1].pk: {"sole_trader": 500, "private": 0}}
    assert services.prepare_slips(survey=survey, plan=plan, acting_user=office.operator) == 4
    sizes = list(survey.batches.values_list("town__name", "stratum__kind", "size"))
    assert sizes == [
        ("东镇", "private", 500),
        ("东镇", "private", 500),
        ("东镇", "private", 1),
        ("西镇", "sole_trader", 500),
    ]


def test_a_kind_without_slips_gets_no_key(office: Office) -> None:
    survey = office.frozen(kinds=("private",))
    assert list(survey.strata.values_list("kind", flat=True)) == ["private"]


def test_kinds_below_twenty_slips_share_one_key(office: Office) -> None:
    survey = office.freeze(office.planned({0: {"private": 40, "sole_trader": 20, "non_private": 19}}))
    assert list(survey.strata.values_list("kind", "share")) == [
        ("private", 50),
        ("sole_trader+non_private", 50),
    ]
    assert len(set(survey.strata.values_list("key_id", flat=True))) == 2


def test_kinds_that_share_a_key_share_their_batches(office: Office) -> None:
    """A batch of two slips would tell which kind of voter used them."""
    plan = {
        0: {"private": 40, "sole_trader": 400, "non_private": 2},
        1: {"sole_trader": 499, "non_private": 3},
    }
    survey = office.freeze(office.planned(plan))
    batches = survey.batches.filter(stratum__kind="private+non_private").order_by("number")
    assert list(batches.values_list("number", "town__name", "size")) == [(1, "东镇", 42), (3, "西镇", 3)]


@pytest.mark.both_databases
def test_printing_again_voids_the_former_slips(office: Office) -> None:
    survey = office.frozen()
    former = office.print_all(survey)["private"]
    batch = SlipBatch.objects.get(survey=survey, stratum__kind="private")
    newer = services.print_batch(batch=batch, acting_user=office.operator)
    office.open(survey)
    assert error(Voter(survey, former[0]).redeem()) == (409, "void")
    assert Voter(survey, newer[0]).redeem().status_code == 200
    assert SlipBatch.objects.filter(survey=survey, stratum__kind="private", is_void=False).count() == 1


def test_a_name_stays_text_on_the_slip_and_loads_no_file(office: Office, tmp_path: Path) -> None:
    """The town stands in the style sheet of the page, too: in the line at its foot."""
    picture = tmp_path / "x.png"
    Image.new("RGB", (8, 8)).save(picture)
    at = picture.as_uri()
    name = f'甲镇\\"\n}} body {{ background: url({at}) }} @page {{ background: url({at}) }} <img src="{at}">'
    survey = office.frozen(kinds=("private",))
    batch = SlipBatch.objects.select_related("survey", "stratum", "town").get(survey=survey)
    batch.town.name = name
    made = slip_pdf.render(
        batch, [PrintedSlip(key_id="a", code="2345678923456789", url="https://x.example/v/")]
    )
    page = PdfReader(io.BytesIO(made)).pages[0]
    assert not page.images
    text = "".join(page.extract_text().split())
    assert text.count("<imgsrc=") == 2
    assert "裁切后装入信封" in text


def test_nobody_prints_before_the_freeze_or_after_the_opening(office: Office) -> None:
    survey = office.planned({0: {"private": 30}})
    batch = survey.batches.get()
    with pytest.raises(Refused, match="尚未定稿"):
        services.print_batch(batch=batch, acting_user=office.operator)
    office.freeze(survey)
    services.print_batch(batch=batch, acting_user=office.operator)
    office.open(survey)
    with pytest.raises(Refused, match="评价开始后"):
        services.print_batch(batch=batch, acting_user=office.operator)


def test_a_survey_without_slips_does_not_open(office: Office) -> None:
    survey = office.frozen()
    with pytest.raises(Refused, match="还没有印制"):
        office.open(survey)


def test_a_town_prints_its_own_slips_only(office: Office) -> None:
    survey = office.frozen()
    organizer = User.objects.create_user("town", role=Role.TOWN_ORGANIZER)
    Membership.objects.create(user=organizer, town=office.towns[1])
    with pytest.raises(Refused, match="只能印制本镇"):
        services.print_batch(batch=survey.batches.all()[0], acting_user=organizer)
    assert Slip.objects.count() == 0


@pytest.mark.both_databases
def test_the_pdf_shows_every_code_once_and_the_database_keeps_only_its_hash(office: Office) -> None:
    """The form is laid under the codes; a form without a code would be a slip that buys nothing."""
    survey = office.frozen(slips=27)
    batch = survey.batches.get()
    pdf = b"".join(services.stream_slips_pdf(batch=batch, acting_user=office.operator))
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert [text.count("票种 ") for text in texts] == [10, 10, 7]
    codes = [CODE.findall(text) for text in texts]
    assert [len(found) for found in codes] == [10, 10, 7]
    pepper = keyring.pepper()
    printed = {hash_code(normalize(code), pepper=pepper) for found in codes for code in found}
    assert len(printed) == 27
    assert printed == {bytes(kept) for kept in Slip.objects.values_list("code_hash", flat=True)}
    assert batch.stratum.key_id in texts[0]
    assert survey.fingerprint[:4] in texts[0]
    assert f"第 3 页，共 {len(texts)} 页" in texts[-1]


def test_a_code_in_fours_is_what_a_voter_types() -> None:
    assert in_fours("ABCDEFGH23456789") == "ABCD EFGH 2345 6789"
