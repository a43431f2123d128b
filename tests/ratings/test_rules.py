"""Rules of rating are data: every fault is told at once, with its line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework.procedure.loading import PROCEDURES
from ratings.rules.__main__ import main

SHIPPED = (PROCEDURES / "guangyuan-bad-ratings" / "ratings.yaml").read_text(encoding="utf-8")
FAULTY = (
    ("procedure: guangyuan-bad-ratings\n\nbad_ratings", "procedure: nowhere\n\nbad_ratings"),
    ("category: rating", "category: praise"),
    ("public_from: 20", "public_from: 4"),
    ("- {word: 满意}", "- {word: 满意, bad: true}"),
)


def test_shipped_rules_can_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check", str(PROCEDURES)]) == 0
    assert "guangyuan-bad-ratings" in capsys.readouterr().out


def test_every_fault_has_its_line_and_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SHIPPED
    for right, wrong in FAULTY:
        assert right in text
        text = text.replace(right, wrong)
    (tmp_path / "ratings.yaml").write_text(text, encoding="utf-8")
    assert main(["--check", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    for place, remedy in (
        ("complaints.procedure: no such procedure: nowhere", "shipped ones are"),
        ("bad_ratings.category: guangyuan-bad-ratings has no such category", "rating、complaint"),
        ("shown.public_from", "give at least 5"),
        ("levels.items.2: 基本满意 stands below a bad level", "write the best first"),
    ):
        line = next(one for one in told.splitlines() if place in one)
        assert remedy in line
        assert line.split(":")[1].isdigit()


def test_a_key_nobody_knows_and_a_folder_without_rules_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check", str(tmp_path)]) == 2
    (tmp_path / "ratings.yaml").write_text(f"{SHIPPED}\nstars: 5\n", encoding="utf-8")
    assert main(["--check", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "no ratings.yaml here" in told
    assert "stars" in told
