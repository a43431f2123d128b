"""The what-if page of every stored round: other readings and schemes, a workbook, and no result."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from openpyxl import load_workbook

from evaluations import services
from evaluations.models import Result, Round, SchemeVersion
from evaluations.results.recompute import judge
from evaluations.schemes.stored import policy_of
from evaluations.scoring.example import example
from office.models import User
from office.roles import Role
from tests.evaluations.pages import said

pytestmark = pytest.mark.django_db
NO_RESULT = "不是评价结果"
SCHEMES = (
    "fangcheng-2022",
    "guangyuan-2022",
    "jilin-jkq-2021",
    "wuyang-sections",
    "wuyang-units-2022",
    "wuyang-windows-2022",
    "yuncheng-2023",
)


def stored_round(scheme_id: str) -> Result:
    """A round of the scheme with one of everything that it reads, computed."""
    operator = User.objects.create_user("operator", role=Role.CENTRE_OPERATOR)
    (version,) = [one for one in services.load_schemes() if one.scheme_id == scheme_id]
    facts = example(policy_of(version))
    round_ = Round.objects.create(
        title="评价",
        created_by=operator,
        period=facts["period"],
        scheme_version=version,
        base_date="2023-07-01",
        state="computed",
    )
    return Result.objects.create(
        round=round_,
        scheme_version=version,
        facts=facts,
        outcome=judge(version, facts),
        computed_by=operator,
        computed_at="2023-10-01T00:00:00Z",
    )


def questions(version: SchemeVersion) -> list[dict[str, Any]]:
    """What the form sends: the readings of the scheme as they are, then with each one changed."""
    usual: dict[str, Any] = {}
    others: list[dict[str, Any]] = []
    for name, option in policy_of(version).options.items():
        if option.type == "yes_no":
            usual |= {name: "on"} if option.default else {}
            others.append({name: "" if option.default else "on"})
        elif option.type == "choice":
            usual[name] = option.default
            others += [{name: key} for key in option.choices if key != option.default]
        elif option.type in ("whole", "number"):
            usual[name] = str(option.default)
    first = {"scheme": version.pk, "show": 1, **usual}
    return [first, *({**first, **one} for one in others)]


def tried(client: Client, path: str, asked: dict[str, Any]) -> str:
    """The page says what would change, or in plain words which data does not fit; so does the workbook."""
    page = said(client, f"{path}/?{urlencode(asked)}")
    assert NO_RESULT in page
    misfit = page.partition("本轮的数据不适用于所选的方案和口径")[2].partition("</div>")[0]
    assert "测算的变化" in page or misfit
    assert not re.search("[A-Za-z]{2,} [a-z]{2,}", re.sub("<[^>]*>", " ", misfit)), misfit
    answer = client.get(f"{path}.xlsx?{urlencode(asked)}")
    if not misfit:
        sheet = load_workbook(BytesIO(b"".join(answer))).worksheets[0]
        assert NO_RESULT in str([cell.value for row in sheet.iter_rows(max_row=2) for cell in row])
    return page


@pytest.mark.parametrize("scheme_id", SCHEMES)
def test_every_stored_round_is_tried_under_every_reading_and_scheme(scheme_id: str) -> None:
    result = stored_round(scheme_id)
    before = (result.facts, result.outcome)
    client = Client()
    client.force_login(User.objects.create_user("leader", role=Role.LEADING_GROUP))
    path = f"/office/rounds/{result.round_id}/what-if"
    assert NO_RESULT in said(client, f"{path}/")
    first, *others = questions(result.scheme_version)
    assert "没有变化" in said(client, f"{path}/?{urlencode(first)}")
    answers = [tried(client, path, asked) for asked in others]
    assert any("测算的变化" in page for page in answers) or not answers
    active = SchemeVersion.objects.filter(is_active=True).exclude(pk=result.scheme_version_id)
    for other in active:
        tried(client, path, questions(other)[0])
    assert Result.objects.count() == 1
    result.refresh_from_db()
    assert (result.facts, result.outcome) == before
