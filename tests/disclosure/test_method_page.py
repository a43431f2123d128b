"""怎样计分 and 历次评价结果 as readers find them (YC-R3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from disclosure.models import Publication
from evaluations import services
from tests.disclosure.states import published
from tests.evaluations.county import County, fresh
from tests.evaluations.test_publication_units import monitored
from tests.evaluations.unit_rounds import computed, jilin, through_appeals, units_round
from tests.kit.publishing import PUBLISHED, publish
from tests.walk.checks import offences

pytestmark = pytest.mark.django_db


def published_by(county: County) -> Publication:
    return Publication.objects.select_related("result", "round").get(round=county.round)


def page(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def read(publication: Publication, file: str) -> str:
    return page(f"/results/{publication.pk}/{file}")


def pages(publication: Publication) -> Iterator[str]:
    return (read(publication, file) for file in publication.manifest if file.endswith(".html"))


def fangcheng(county: County) -> Publication:
    facts = {"甲局": monitored(80, 10, 10), "乙局": monitored(60, 20, 20)}
    by_counts = {"answers.enterprises": "counts"}
    round_ = units_round(county, "fangcheng-2022", facts, period="2022-Q1", channels=by_counts)
    return publish(through_appeals(county, computed(county, round_)), county)


def clauses_open(publication: Publication) -> None:
    """Every tag of a clause on every page leads to a place of the method page that says something."""
    method = read(publication, "method.html")
    said = dict(re.findall(r'<div id="(clause-[^"]+)"><dt>.*?</dt><dd>(.*?)</dd>', method, re.DOTALL))
    cited = {one for text in pages(publication) for one in re.findall(r'method\.html#(clause-[^"]+)"', text)}
    assert cited
    assert not {one for one in cited if not re.sub(r"<[^>]+>|\s", "", said.get(one, ""))}
    for text in pages(publication):
        bare = re.findall(r"<span[^>]*>条款 [^<]+</span>", text)
        assert not bare, "a tag that opens nothing"


def places_are_there(publication: Publication) -> None:
    """Links within a page, and from other pages to places of this one, lead somewhere; no id stands twice."""
    method = read(publication, "method.html")
    ids = re.findall(r'\sid="([^"]+)"', method)
    assert len(ids) == len(set(ids))
    linked = set(re.findall(r'href="#([^"]+)"', method))
    for text in pages(publication):
        linked |= set(re.findall(r'method\.html#([^"]+)"', text))
    assert linked <= set(ids)


def test_readers_learn_how_a_score_comes_about(subtests: pytest.Subtests) -> None:
    publication = published_by(published("all"))
    method = read(publication, "method.html")
    with subtests.test("values, grades, an example, who took part"):
        for words in ("满意</th>", "优秀</th>", "算一个例子", "虚构", "谁参加了评价", "有效选票"):
            assert words in method, words
        example = method.partition('id="example"')[2].partition("</section>")[0]
        assert re.search(r"结果：\d+\.\d+分", example)
    with subtests.test("the bands of units and of persons are the true ones"):
        for band in ("10–19", "20–49", "50–99", "100–199", "200–499", "500–999", "1000–1999", "2000及以上"):
            assert band in method, band
    with subtests.test("the readings stand once, and last"):
        readings = method.partition('id="readings"')[2]
        assert '<li value="' in readings
        assert '<li value="' not in method.partition('id="readings"')[0]
    with subtests.test("the legend of the list has the answers of the scheme, each with its color"):
        legend = re.findall(r'<i class="(\w+)"></i>(\w+)', read(publication, "index.html"))
        assert list(dict.fromkeys(legend)) == [
            ("best", "满意"),
            ("good", "比较满意"),
            ("fair", "基本满意"),
            ("poor", "不满意"),
        ]
    with subtests.test("clauses open, places are there"):
        clauses_open(publication)
        places_are_there(publication)
    assert not offences(method)


def test_schemes_without_persons_say_how_they_score(county: County, subtests: pytest.Subtests) -> None:
    """JL-R1 JL-R9"""
    publication = publish(through_appeals(county, jilin(county)), county)
    method = read(publication, "method.html")
    assert "领导评议：打分表（来自管委会领导）" in method
    assert "人次" not in method.partition('id="clauses"')[0]
    clauses_open(publication)
    places_are_there(publication)
    assert not offences(method)


def test_a_scheme_with_other_answers_names_its_own(county: County) -> None:
    """FC-R12: 方城 asks with three answers; no page and no board speaks of a fourth."""
    publication = fangcheng(county)
    for text in pages(publication):
        assert "比较满意" not in text
    clauses_open(publication)
    places_are_there(publication)


def test_what_the_method_says_stays_as_it_was_on_its_day() -> None:
    """It is stored with the publication, so a scheme that changes later changes no old page."""
    publication = published_by(published("all"))
    before = read(publication, "method.html")
    publication.round.scheme_version.__class__.objects.update(text="")
    (file,) = (one for one in publication.manifest if one == "method.html")
    Publication.objects.filter(pk=publication.pk).update(directory="lost")
    assert read(publication, file) == before


def archive() -> list[str]:
    """The rows of the archive, without markup."""
    body = page("/results/all/").partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"<[^>]+>|\s", "", row) for row in body.split("</tr>") if row.strip()]


def test_the_archive_says_what_will_be_here_while_nothing_is(db: None) -> None:
    text = page("/results/all/")
    assert "还没有公布的评价结果" in text
    assert "<table" not in text


def test_the_archive_has_each_publication_with_its_number_and_why_it_changed() -> None:
    county = published("all")
    old = published_by(county)
    assert len(archive()) == 1
    services.begin_correction(
        round=county.round, reason="名单有误", decision="示政办〔2026〕12号", acting_user=county.operator
    )
    services.compute_round(
        round=fresh(county.round), now=PUBLISHED, reason="名单有误", acting_user=county.reviewer
    )
    services.sign_off_round(round=fresh(county.round), now=PUBLISHED, acting_user=county.leader)
    assert len(archive()) == 1, "a correction that is not published yet"
    round_ = county.end_appeals(county.serve(fresh(county.round)))
    new = publish(round_, county, now=PUBLISHED + timedelta(days=20))
    rows = archive()
    assert len(rows) == 2
    corrected, first = rows
    for words in ("第2次公布", "更正原因：名单有误", "示政办〔2026〕12号"):
        assert words in corrected, words
    for words in ("第1次公布", "已更正", "名单有误"):
        assert words in first, words
    text = page("/results/all/")
    for one in (old, new):
        for file in ("index.html", "results.pdf", "results.xlsx", "method.html"):
            assert f'href="/results/{one.pk}/{file}"' in text
            assert Client().get(f"/results/{one.pk}/{file}").status_code == 200


def test_the_archive_has_rounds_of_all_schemes_with_their_facts(county: County) -> None:
    """A round with ballots, one with counts of others: no dash, each with its own words."""
    publication = fangcheng(county)
    (row,) = archive()
    for words in (publication.round.title, "不用选票", "方城"):
        assert words in row, words
    assert "—" not in row
    assert re.search(r"\d+\.\d+", row), "the mean of the scores that are shown"
