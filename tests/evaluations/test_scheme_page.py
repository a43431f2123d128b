"""The page of a scheme says its rules in Chinese, each with its clause, and the file only on demand."""

import re

import pytest
from django.test import Client

from evaluations import services
from office.roles import Role
from tests.kit.people import person

pytestmark = pytest.mark.django_db


def test_every_scheme_is_readable_to_those_who_look_at_it(client: Client) -> None:
    client.force_login(person(Role.INSPECTORATE))
    found = {version.scheme_id: version for version in services.load_schemes()}
    assert len(found) == 7
    for version in found.values():
        page = client.get(f"/office/evaluations/schemeversion/{version.pk}/change/").content.decode()
        words, file = page[page.index("参评对象和周期") :].split("<details>", 1)
        assert not re.search("[A-Za-z]{3,}", re.sub("<[^>]+>|校验值.*", "", words)), version
        assert version.sha256 in words
        assert "cadence:" in file

    page = client.get(
        f"/office/evaluations/schemeversion/{found['yuncheng-2023'].pk}/change/"
    ).content.decode()
    said = re.sub(r"\s+", "", re.sub("<[^>]+>", "|", page))
    assert "民营企业50%、个体工商户40%、非民营企业10%" in said
    assert "优秀：" in said
    assert "（默认）" in said
