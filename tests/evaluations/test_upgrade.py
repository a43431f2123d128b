"""An upgrade brings new texts of schemes; what was computed stays with the text it was computed with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.core.management import call_command

from evaluations import services
from evaluations.models import Result, SchemeVersion
from evaluations.results.recompute import differences
from evaluations.schemes.stored import scheme_of
from evaluations.scoring.loading import SCHEMES
from tests.evaluations.county import County
from tests.evaluations.pages import starts


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """The folder of schemes as the next version may bring it."""
    return Path(shutil.copytree(SCHEMES, tmp_path / "schemes"))


def digests() -> dict[str, str]:
    return {one.scheme_id: one.sha256 for one in SchemeVersion.objects.filter(is_active=True)}


@pytest.mark.django_db
def test_a_changed_readme_or_example_changes_no_digest(shipped: Path) -> None:
    services.load_schemes(folder=shipped)
    before, count = digests(), SchemeVersion.objects.count()
    for folder in shipped.iterdir():
        if folder.is_dir():
            (folder / "README.md").write_text("改写后的说明\n", encoding="utf-8")
            (folder / "example.yaml").write_text("subjects: {}\n", encoding="utf-8")
    services.load_schemes(folder=shipped)
    assert (digests(), SchemeVersion.objects.count()) == (before, count)


@pytest.mark.both_databases
@starts("computed")
def test_a_result_keeps_the_text_it_was_computed_with(
    county: County, shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The next version's text counts for new rounds alone; old ones verify by their own."""
    result = services.current_result(county.round)
    text, scheme = result.scheme_version.text, scheme_of(county.round)
    file = shipped / "yuncheng-2023" / "scheme.yaml"
    changed = file.read_text(encoding="utf-8").replace("title: ", "title: 新版", 1)
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    (newest,) = [one for one in services.load_schemes(folder=shipped) if one.scheme_id == "yuncheng-2023"]
    newest.refresh_from_db()
    assert newest.is_active
    stored = Result.objects.get(pk=result.pk)
    assert stored.scheme_version.pk != newest.pk
    assert (stored.scheme_version.text, stored.scheme_version.sha256) == (text, result.scheme_version.sha256)
    assert differences(stored) == []
    assert scheme_of(county.round) == scheme
    call_command("verify_results")
    assert "0 份不一致" in capsys.readouterr().out
