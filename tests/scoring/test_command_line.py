"""The command line: what it prints, what it refuses and with which status."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from evaluations.scoring import load_scheme, scheme_ids
from evaluations.scoring.__main__ import main

FOLDER = Path(__file__).parent / "command_line"
FACTS = FOLDER / "facts.yaml"


class Answer(NamedTuple):
    """What a call gave."""

    status: int
    out: str
    err: str


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> Answer:
        status = main([str(one) for one in arguments])
        return Answer(status, *capsys.readouterr())

    return call


def test_the_report_unfolds_a_number_to_its_clause(run: Run) -> None:
    status, text, _ = run(FACTS)
    assert status == 0
    assert "■ 县发展和改革局　83.33　良好　第 1 名（共 1）" in text
    assert "  部门得分　83.33（未取整 250/3）　［六］2 人得分的平均　口径 3、9" in text
    assert "    张三（工作人员）　86.67（未取整 260/3）　［六］（满意 10×100 + 比较满意 20×80）÷ 30" in text
    assert "    李四（工作人员）　80.00　［六］（比较满意 10×80）÷ 10；不了解情况 3 张不计" in text
    assert "个人（科室）最少有效票数：10" in text
    assert f"方案　yuncheng-2023　{load_scheme('yuncheng-2023').sha256[:12]}\n" in text


def test_json_is_the_contract_with_readable_chinese(run: Run) -> None:
    status, text, _ = run(FACTS, "--format", "json")
    outcome = json.loads(text)
    assert status == 0
    assert '"name": "县发展和改革局"' in text
    assert (outcome["scheme"], outcome["period"]) == ("yuncheng-2023", "2023-Q3")
    assert outcome["scheme_sha256"] == load_scheme("yuncheng-2023").sha256
    assert outcome["subjects"]["fagai"]["score"] == "83.33"


def test_facts_as_json_give_what_facts_as_yaml_give(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(yaml.safe_load(FACTS.read_text(encoding="utf-8"))), encoding="utf-8")
    assert run(path, "--format", "json") == run(FACTS, "--format", "json")


def test_a_byte_order_mark_is_no_part_of_the_facts(run: Run, tmp_path: Path) -> None:
    """Windows puts one before a file."""
    path = tmp_path / "facts.yaml"
    path.write_text(FACTS.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert run(path) == run(FACTS)


def test_decimals_in_json_are_exact(run: Run, tmp_path: Path) -> None:
    """As a binary float 7.9 would be refused. A mark by aspects may be given in total, with a remark."""
    path = tmp_path / "a.json"
    marks = '{"rectification": 7.9, "innovation": {"points": 6.5, "remark": "专窗"}}'
    text = f'{{"scheme": "fangcheng-2022", "period": "2023", "subjects": {{"a": {{"marks": {marks}}}}}}}'
    path.write_text(text, encoding="utf-8")
    status, told, _ = run(path)
    lines = [line.strip().partition("　口径")[0] for line in told.splitlines()]
    assert status == 0
    assert "问题整改　7.90　［附件］满分 8" in lines
    assert "创新举措　6.50　［附件］满分 8；备注：专窗" in lines


def test_all_faults_are_told_at_once_with_path_and_line(run: Run) -> None:
    path = FOLDER / "faulty.yaml"
    status, out, err = run(path)
    assert (status, out) == (2, "")
    role, count, choice = err.splitlines()
    where = "subjects.fagai.members"
    assert role.startswith(f"{path}:7: {where}.zhang.role: no such role; roles are principal_leader、")
    said = "must be a whole number, 0 or more"
    assert count.startswith(f"{path}:7: {where}.zhang.answers.ballot.overall.满意: {said}")
    choices = "满意、比较满意、基本满意、不满意、不了解情况"
    said = f"no such choice; choices are {choices}"
    assert choice == f"{path}:8: {where}.li.answers.ballot.overall.很满意: {said}"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.yaml"], "nowhere.yaml: (document): no such file"),
        (
            ["--describe", "atlantis-2099"],
            "no such scheme: atlantis-2099; shipped schemes are fangcheng-2022、",
        ),
        ([FOLDER], f"{FOLDER}: (document): not readable as UTF-8 text: "),
    ],
)
def test_unknown_files_and_schemes_are_named(arguments: list[object], words: str, run: Run) -> None:
    status, _, err = run(*arguments)
    assert status == 2
    assert words in err


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.yaml", b"\xff\xfe", ": (document): not readable as UTF-8 text: "),
        ("a.yaml", b"a: [", ":2: (document): not readable as YAML: did not find expected node content"),
        ("a.yaml", b"a: \x07", ": (document): not readable as YAML: unacceptable character"),
        ("a.yaml", b"", ": scheme: is missing; name the scheme here or with --scheme"),
        ("a.yaml", b"- a", ":1: scheme: is missing; name the scheme here or with --scheme"),
        ("a.JSON", b'{"scheme":\n', ":2: (document): not readable as JSON: Expecting value"),
        ("a.json", b'{"scheme": "x", "scheme": "y", "period": "2023"}', ": scheme: key written twice; keep"),
        ("a.json", b'{"scheme": "yuncheng-2023", "period": "2023"}', ": subjects: holds no subject; add at"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    name: str, content: bytes, words: str, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    status, out, err = run(path)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"{path}{words}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([FACTS, "--describe", "x"], "error: give one of FACTS, --describe SCHEME, --example SCHEME\n"),
        ([], "error: give one of FACTS, --describe SCHEME, --example SCHEME\n"),
        ([FACTS, "--format", "xml"], "argument --format: invalid choice: 'xml'"),
    ],
)
def test_only_one_thing_is_done_at_a_time(
    arguments: list[object], words: str, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(*arguments)
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err


def test_help_says_what_each_argument_is_for(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run("--help")
    text = " ".join(capsys.readouterr().out.split())
    assert stopped.value.code == 0
    for words in (
        "usage: python -m evaluations.scoring",
        "Score one round of facts.",
        "FACTS the round's facts, YAML or JSON",
        "--scheme SCHEME folder or id of the scheme (default: the one the facts name)",
        "--compare SCHEME_B what if: also score under this scheme, print who moves",
        "--with OPTION=VALUE what if: an option of the second scoring (of the same scheme,",
        "--describe SCHEME list every id, word, role and option of a scheme",
        "--example SCHEME print a complete facts file that scores",
    ):
        assert words in text


@pytest.mark.parametrize("scheme", scheme_ids())
def test_describe_lists_every_word_of_a_scheme(scheme: str, run: Run) -> None:
    status, text, _ = run("--describe", scheme)
    policy = load_scheme(scheme)
    words = [*policy.options, *policy.defaults.subjects.roles, *policy.defaults.subjects.groups]
    words += [one.id for one in (*policy.defaults.steps, *policy.defaults.consequences)]
    words += [word for scale in policy.defaults.answer_scales.values() for word in scale.words]
    for step in policy.defaults.steps:
        words += [word for part in ("items", "conditions", "aspects") for word in getattr(step, part, {})]
    assert status == 0
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("scheme", scheme_ids())
def test_the_example_of_a_scheme_scores(scheme: str, run: Run, tmp_path: Path) -> None:
    status, text, _ = run("--example", scheme)
    assert status == 0
    yearly = load_scheme(scheme).defaults.cadence.rounds_per_year == 1
    period = "'2023'" if yearly else "2023-Q3"
    assert text.startswith(f"scheme: {scheme}\nperiod: {period}\n")
    assert "    name: 示例单位1\n" in text
    path = tmp_path / "example.yaml"
    path.write_text(text, encoding="utf-8")
    status, text, _ = run(path, "--format", "json")
    assert status == 0
    assert all(subject["score"] for subject in json.loads(text)["subjects"].values())


def test_another_scheme_may_be_insisted_on_by_id_folder_or_file(run: Run) -> None:
    """And then the facts need not name one."""
    named, unnamed = run(FACTS), FOLDER / "unnamed.yaml"
    folder = Path(load_scheme("yuncheng-2023").file).parent
    for place in ("yuncheng-2023", folder, folder / "scheme.yaml"):
        assert run(unnamed, "--scheme", place) == named
    said = "scheme: is missing; name the scheme here or with --scheme"
    assert run(unnamed) == (2, "", f"{unnamed}:1: {said}\n")
    assert "no such role; roles are (none)" in run(FACTS, "--scheme", "fangcheng-2022").err


@pytest.mark.parametrize(
    ("option", "moves"),
    [
        # (10 × 100 + 30 × 80) / 40 = 85 instead of 83.33; nobody else moves
        ("department_method=pooled", "■ 县发展和改革局\n  得分　83.33 → 85.00\n"),
        ("band_holes=round_to_integer", "没有变化\n"),
    ],
)
def test_what_if_an_option_were_changed(option: str, moves: str, run: Run) -> None:
    assert run(FACTS, "--with", option) == (0, moves, "")


KINDER = """\
■ 县发展和改革局
  得分　83.33 → 91.67
  等次　良好 → 优秀
  处置建议　无 → 优先
  · 县发展和改革局　张三
    得分　86.67 → 93.33
    等次　良好 → 优秀
    处置建议　无 → 优先（个人）
  · 县发展和改革局　李四
    得分　80.00 → 90.00
    等次　良好 → 优秀
    处置建议　无 → 优先（个人）
"""


def test_what_if_another_scheme_were_in_force(run: Run) -> None:
    """Where 比较满意 is worth 90: zhang (1000 + 1800) / 30 = 93.33, li 90, department 91.67."""
    what_if = FOLDER / "unnamed.yaml", "--scheme", FOLDER / "strict.yaml", "--compare", FOLDER / "kind.yaml"
    assert run(*what_if) == (0, KINDER, "")
    listed = json.loads(run(*what_if, "--format", "json").out)
    assert {(c["subject"], c["member"], c["name"]) for c in listed} == {
        ("fagai", None, "县发展和改革局"),
        ("fagai", "zhang", "县发展和改革局　张三"),
        ("fagai", "li", "县发展和改革局　李四"),
    }
    found = {(c["member"], c["what"]): (c["before"], c["after"]) for c in listed}
    assert found[None, "score"] == ("83.33", "91.67")
    assert found[None, "grade"] == ("良好", "优秀")
    assert found["li", "score"] == ("80.00", "90.00")
    assert found["li", "consequences"] == ([], ["优先（个人）"])
    assert (None, "rank") not in found


def test_what_if_takes_the_options_of_the_facts_that_the_other_scheme_has(run: Run) -> None:
    facts = FOLDER / "options.yaml"
    found = run(facts, "--scheme", FOLDER / "strict.yaml", "--compare", FOLDER / "kind.yaml")
    assert found.status == 0
    assert "  得分　86.67 → 93.33\n" in found.out
    assert "李四" not in found.out


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("colour=red", "options.colour: no such option"),
        ("colour", "write it as OPTION=VALUE"),
        ("leaders=a=b", "options.leaders: no such choice; choices are derived、direct"),
        ("role_weights={", "--with:2: (document): not readable as YAML: "),
        ("min_valid_answers=0", "must be at least 1 (the second time, under yuncheng-2023)"),
    ],
)
def test_what_if_refuses_an_option_that_is_none(option: str, words: str, run: Run) -> None:
    status, _, err = run(FACTS, "--with", option)
    assert status == 2
    assert words in err


def test_what_if_says_that_only_the_second_scoring_failed(run: Run) -> None:
    """Who reads the fault must know that the first scoring was sound."""
    status, out, err = run(FACTS, "--compare", "fangcheng-2022")
    assert (status, out) == (2, "")
    said = "no such role; roles are (none) (the second time, under fangcheng-2022)"
    assert err.splitlines()[0] == f"{FACTS}:7: subjects.fagai.members.zhang.role: {said}"
