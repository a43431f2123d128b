"""The page of raters: light, quick, the complaint beside the rating and never with the rated unit (GY-R4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from casework.models import Matter, ProcedureVersion
from ratings.models import Rating
from tests.ratings.hall import RULES, RatedHall, ready

pytestmark = pytest.mark.django_db
MOST_BYTES = 60_000
NEWER_THAN_ES5 = re.compile(
    r"=>|\b(?:let|const|class|async|await|import|of)\b|`|\bfetch\b|Promise|BigInt|\.\.\."
)
KEPT = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches|serviceWorker")


@pytest.fixture
def hall(db: None) -> RatedHall:
    return ready()


def weight(page: str) -> int:
    """Bytes of a page and of all that it loads, uncompressed."""
    loaded = re.findall(r'(?:src|href)="/static/([^"?]+)"', page)
    files = [finders.find(re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", name)) for name in loaded]
    assert len(files) >= 3
    return len(page.encode()) + sum(Path(str(file)).stat().st_size for file in files)


def test_the_page_weighs_little_with_all_that_it_loads(hall: RatedHall, client: Client) -> None:
    """GY-R4: page, style, script, icon; the wall as well."""
    assert weight(client.get(f"/r/{hall.code.code}/").content.decode()) < MOST_BYTES // 2


def test_the_script_is_read_by_old_web_views_and_keeps_nothing() -> None:
    """GY-R4: 360's old modes, WeChat's old views; no storage is left behind on a shared device."""
    code = (settings.BASE_DIR / "static/rating/rate.js").read_text()
    program = re.sub(r"/\*.*?\*/|//[^\n]*", "", code, flags=re.DOTALL)
    assert NEWER_THAN_ES5.findall(program) == []
    assert KEPT.findall(program) == []
    style = (settings.BASE_DIR / "static/rating/rating.css").read_text()
    assert re.findall(r"display: (?:grid|flex)|var\(", style) == []


def test_nothing_is_preselected_and_every_level_is_one_tap(hall: RatedHall, client: Client) -> None:
    """GY-R4: the levels differ in their words alone."""
    page = client.get(f"/r/{hall.code.code}/").content.decode()
    levels = re.findall(r"<label><input type=\"radio\".*?</label>", page)
    assert len({re.sub(r"[一-鿿]+", "", level) for level in levels}) == 1
    assert len(levels) == 5
    assert " checked" not in page
    assert " selected" not in page
    assert "<details>" in page


def test_a_complaint_goes_to_the_centre_with_the_unit_and_without_the_rating(
    hall: RatedHall, client: Client
) -> None:
    """GY-R4: 投诉直接到中心; the form knows the unit, and takes no other word for one."""
    page = client.get(f"/r/{hall.code.code}/").content.decode()
    (path,) = re.findall(r'<a class="button plain" href="([^"]+)">我要投诉', page)
    assert path == f"/report/{RULES}/?about={hall.unit.pk}"
    assert f'<option value="{hall.unit.pk}" selected>' in client.get(path).content.decode()
    for wrong in ("9" * 30, "x", "%00", ""):
        answer = client.get(f"/report/{RULES}/?about={wrong}")
        assert (
            answer.status_code,
            f'<option value="{hall.unit.pk}" selected' in answer.content.decode(),
        ) == (
            200,
            False,
        )
    told = {"title": "推诿", "text": "推诿不办。", "who": "anonymous", "about": hall.unit.pk, "key": "a" * 32}
    assert client.post(path, told).status_code == 200
    matter = Matter.objects.get()
    assert (matter.about, matter.source, matter.assignments.count()) == (hall.unit, "web", 0)
    assert not Rating.objects.exists()


def test_where_the_province_takes_ratings_in_the_page_says_so(hall: RatedHall, client: Client) -> None:
    """GY-R4: and takes none; where complaints alone go there, the button leads to what is open."""
    ProcedureVersion.objects.filter(procedure_id=RULES).update(own_intake=False)
    for answer in (
        client.get(f"/r/{hall.code.code}/"),
        client.post(f"/r/{hall.code.code}/", {"level": "满意"}),
    ):
        assert "省政务服务平台" in answer.content.decode()
    assert not Rating.objects.exists()


def test_a_rating_takes_few_queries(
    hall: RatedHall,
    client: Client,
    django_assert_max_num_queries: Callable[..., AbstractContextManager[object]],
) -> None:
    """GY-R4: 5 a second for ten minutes, on what the county has."""
    told = {"level": "不满意", "number": "13800000000", "ticket": hall.ticket()}
    client.get(f"/r/{hall.code.code}/")
    with django_assert_max_num_queries(2):
        client.get(f"/r/{hall.code.code}/")
    with django_assert_max_num_queries(12):
        client.post(f"/r/{hall.code.code}/", {**told, "key": "a" * 32})
    with django_assert_max_num_queries(11):
        client.post(f"/r/{hall.code.code}/", {"level": "满意", "key": "b" * 32})
    assert Rating.objects.count() == 2
