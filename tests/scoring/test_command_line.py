"""The command line: what it prints, what it refuses and with which status."""

import json
from pathlib import Path

import pytest

from evaluations.scoring import load_scheme, scheme_ids
from evaluations.scoring.__main__ import main

FACTS = """
scheme: yuncheng-2023
period: 2023-Q3
subjects:
  fagai:
    name: 县发展和改革局
    members:
      zhang: {name: 张三, role: staff, answers: {ballot: {overall: {满意: 10, 比较满意: 20}}}}
      li: {name: 李四, role: staff, answers: {ballot: {overall: {比较满意: 10, 不了解情况: 3}}}}
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.yaml"
    path.write_text(FACTS, encoding="utf-8")
    return path


def test_text_unfolds_a_number_to_its_clause(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(facts)]) == 0
    text = capsys.readouterr().out
    assert "■ 县发展和改革局　83.33　良好　第 1 名（共 1）" in text
    assert "  部门得分　83.33（未取整 250/3）　［六］2 人得分的平均　口径 3、9" in text
    assert "    张三（工作人员）　86.67（未取整 260/3）　［六］（满意 10×100 + 比较满意 20×80）÷ 30" in text
    assert "    李四（工作人员）　80.00　［六］（比较满意 10×80）÷ 10；不了解情况 3 张不计" in text
    assert "个人（科室）最少有效票数：10" in text


def test_json_is_the_contract(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(facts), "--format", "json"]) == 0
    text = capsys.readouterr().out
    assert '"name": "县发展和改革局"' in text, "Chinese stays readable"
    outcome = json.loads(text)
    assert (outcome["scheme"], outcome["period"]) == ("yuncheng-2023", "2023-Q3")
    assert outcome["scheme_sha256"] == load_scheme("yuncheng-2023").sha256
    assert outcome["subjects"]["fagai"]["score"] == "83.33"


def test_json_facts_and_yaml_facts_give_the_same(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(facts), "--format", "json"])
    from_yaml = capsys.readouterr().out
    counts = {"zhang": {"满意": 10, "比较满意": 20}, "li": {"比较满意": 10, "不了解情况": 3}}
    names = {"zhang": "张三", "li": "李四"}
    members = {
        key: {"name": names[key], "role": "staff", "answers": {"ballot": {"overall": row}}}
        for key, row in counts.items()
    }
    data = {"scheme": "yuncheng-2023", "period": "2023-Q3"}
    data |= {"subjects": {"fagai": {"name": "县发展和改革局", "members": members}}}
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    main([str(path), "--format", "json"])
    assert capsys.readouterr().out == from_yaml


def test_all_faults_at_once_with_path_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(
        FACTS.replace("不了解情况", "很满意").replace(
            "role: staff, answers: {ballot: {overall: {满意: 10",
            "role: boss, answers: {ballot: {overall: {满意: -1",
        ),
        encoding="utf-8",
    )
    assert main([str(path)]) == 2
    found = capsys.readouterr()
    assert found.out == ""
    lines = found.err.splitlines()
    assert len(lines) == 3
    choices = "满意、比较满意、基本满意、不满意、不了解情况"
    where = f"{path}:9: subjects.fagai.members.li.answers.ballot.overall.很满意: "
    assert f"{where}no such choice; choices are {choices}" in lines
    assert any(
        "subjects.fagai.members.zhang.role: no such role; roles are principal_leader、" in line
        for line in lines
    )
    assert any(
        "zhang.answers.ballot.overall.满意: must be a whole number, 0 or more" in line for line in lines
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.yaml"], "nowhere.yaml: (document): no such file"),
        (
            ["--describe", "atlantis-2099"],
            "no such scheme: atlantis-2099; shipped schemes are fangcheng-2022、",
        ),
    ],
)
def test_what_is_not_there(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["FACTS", "--describe", "x"], "error: give one of FACTS, --describe SCHEME, --example SCHEME\n"),
        ([], "error: give one of FACTS, --describe SCHEME, --example SCHEME\n"),
        (["FACTS", "--format", "xml"], "argument --format: invalid choice: 'xml'"),
    ],
)
def test_one_thing_at_a_time(
    arguments: list[str], words: str, facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([str(facts) if one == "FACTS" else one for one in arguments])
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err


def test_help_says_what_each_argument_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
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
def test_describe_lists_every_word_of_a_scheme(scheme: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--describe", scheme]) == 0
    text = capsys.readouterr().out
    policy = load_scheme(scheme)
    words = [*policy.options, *policy.defaults.subjects.roles, *policy.defaults.subjects.groups]
    words += [one.id for one in (*policy.defaults.steps, *policy.defaults.consequences)]
    for scale in policy.defaults.answer_scales.values():
        words += scale.words
    for step in policy.defaults.steps:
        words += [
            *getattr(step, "items", {}),
            *getattr(step, "conditions", {}),
            *getattr(step, "aspects", {}),
        ]
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("scheme", scheme_ids())
def test_the_example_of_a_scheme_scores(
    scheme: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--example", scheme]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"scheme: {scheme}\nperiod: 2023-Q3\n")
    assert "    name: 示例单位1\n" in text
    path = tmp_path / "example.yaml"
    path.write_text(text, encoding="utf-8")
    assert main([str(path), "--format", "json"]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert all(subject["score"] for subject in outcome["subjects"].values())


def test_what_if_an_option_were_changed(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Pooled: (10 × 100 + 30 × 80) / 40 = 85 instead of 83.33; nobody else moves."""
    assert main([str(facts), "--with", "department_method=pooled"]) == 0
    assert capsys.readouterr().out == "■ 县发展和改革局\n  得分　83.33 → 85.00\n"


def test_what_if_nothing_moves(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(facts), "--with", "band_holes=round_to_integer"]) == 0
    assert capsys.readouterr().out == "没有变化\n"


KINDER = """\
■ 县发展和改革局
  得分　83.33 → 91.67
  等次　良好 → 优秀
  处置建议　无 → 年度考核优先确定为优秀
  · 县发展和改革局　张三
    得分　86.67 → 93.33
    等次　良好 → 优秀
    处置建议　无 → 年度考核优先确定为优秀（个人）
  · 县发展和改革局　李四
    得分　80.00 → 90.00
    等次　良好 → 优秀
    处置建议　无 → 年度考核优先确定为优秀（个人）
"""


def test_what_if_under_another_scheme(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where 比较满意 is worth 90: zhang (1000 + 1800) / 30 = 93.33, li 90, department 91.67."""
    folder = tmp_path / "kinder"
    folder.mkdir()
    text = Path(load_scheme("yuncheng-2023").file).read_text(encoding="utf-8")
    (folder / "scheme.yaml").write_text(text.replace("比较满意: 80", "比较满意: 90"), encoding="utf-8")
    assert main([str(facts), "--compare", str(folder)]) == 0
    assert capsys.readouterr().out == KINDER
    assert main([str(facts), "--compare", str(folder), "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {(c["subject"], c["member"], c["name"]) for c in listed} == {
        ("fagai", None, "县发展和改革局"),
        ("fagai", "zhang", "县发展和改革局　张三"),
        ("fagai", "li", "县发展和改革局　李四"),
    }
    found = {(c["member"], c["what"]): (c["before"], c["after"]) for c in listed}
    assert found[None, "score"] == ("83.33", "91.67")
    assert found[None, "grade"] == ("良好", "优秀")
    assert found["li", "score"] == ("80.00", "90.00")
    assert found["li", "consequences"] == ([], ["年度考核优先确定为优秀（个人）"])
    assert (None, "rank") not in found


def test_what_if_with_an_option_that_is_none(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(facts), "--with", "colour=red"]) == 2
    assert "options.colour: no such option" in capsys.readouterr().err
    assert main([str(facts), "--with", "colour"]) == 2
    assert "write it as OPTION=VALUE" in capsys.readouterr().err
    assert main([str(facts), "--with", "leaders=a=b"]) == 2
    assert "options.leaders: no such choice; choices are derived、direct" in capsys.readouterr().err
    assert main([str(facts), "--with", "role_weights={"]) == 2
    assert capsys.readouterr().err.startswith("--with:2: (document): not readable as YAML: ")


def test_what_if_takes_those_of_the_facts_own_options_that_the_other_scheme_has(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under either scheme ten votes are too few where twenty are asked for; the other lacks the second."""
    other = tmp_path / "scheme.yaml"
    text = Path(load_scheme("yuncheng-2023").file).read_text(encoding="utf-8")
    other.write_text(text.replace("grade_jump_size", "jump_size"), encoding="utf-8")
    own = "options: {min_valid_answers: 20, grade_jump_size: 3}\nsubjects:"
    facts.write_text(FACTS.replace("subjects:", own), encoding="utf-8")
    assert main([str(facts), "--compare", str(other)]) == 0
    assert capsys.readouterr().out == "没有变化\n"


def test_what_if_the_facts_do_not_fit_the_other_scheme(
    facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who reads the fault must know that the first scoring was sound."""
    assert main([str(facts), "--compare", "fangcheng-2022"]) == 2
    found = capsys.readouterr()
    assert found.out == ""
    first, *_ = found.err.splitlines()
    said = "no such role; roles are (none) (the second time, under fangcheng-2022)"
    assert first == f"{facts}:8: subjects.fagai.members.zhang.role: {said}"
    assert main([str(facts), "--with", "min_valid_answers=0"]) == 2
    assert "must be at least 1 (the second time, under yuncheng-2023)" in capsys.readouterr().err


def test_another_scheme_may_be_insisted_on(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By id or by folder, and then the facts need not name one."""
    named = tmp_path / "unnamed.yaml"
    named.write_text(FACTS.replace("scheme: yuncheng-2023\n", ""), encoding="utf-8")
    folder = Path(load_scheme("yuncheng-2023").file).parent
    main([str(facts), "--format", "text"])
    expected = capsys.readouterr().out
    for place in ("yuncheng-2023", str(folder), str(folder / "scheme.yaml")):
        assert main([str(named), "--scheme", place]) == 0
        assert capsys.readouterr().out == expected
    assert main([str(named)]) == 2
    assert (
        capsys.readouterr().err == f"{named}:2: scheme: is missing; name the scheme here or with --scheme\n"
    )
    assert main([str(facts), "--scheme", "fangcheng-2022"]) == 2
    assert "no such role; roles are (none)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.yaml", b"\xff\xfe", ": (document): not readable as UTF-8 text: "),
        ("a.yaml", b"a: [", ":2: (document): not readable as YAML: did not find expected node content"),
        ("a.yaml", b"a: \x07", ": (document): not readable as YAML: unacceptable character"),
        ("a.yaml", b"", ": scheme: is missing; name the scheme here or with --scheme"),
        ("a.yaml", b"- a", ":1: scheme: is missing; name the scheme here or with --scheme"),
        ("a.JSON", b'{"scheme":\n', ":2: (document): not readable as JSON: Expecting value"),
        (
            "a.json",
            b'{"scheme": "x", "scheme": "y", "period": "2023"}',
            ": scheme: key written twice; keep one of them",
        ),
        (
            "a.json",
            b'{"scheme": "yuncheng-2023", "period": "2023"}',
            ": subjects: holds no subject; add at least",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    name: str, content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert main([str(path)]) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.startswith(f"{path}{words}")
    assert len(found.err.splitlines()) == 1


def test_decimals_in_json_are_exact(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a binary float 7.9 would be refused. A mark by aspects may be given in total, with a remark."""
    path = tmp_path / "a.json"
    marks = '{"rectification": 7.9, "innovation": {"points": 6.5, "remark": "专窗"}}'
    text = f'{{"scheme": "fangcheng-2022", "period": "2023", "subjects": {{"a": {{"marks": {marks}}}}}}}'
    path.write_text(text, encoding="utf-8")
    assert main([str(path)]) == 0
    lines = [line.strip().partition("　口径")[0] for line in capsys.readouterr().out.splitlines()]
    assert "问题整改　7.90　［附件］满分 8" in lines
    assert "创新举措　6.50　［附件］满分 8；备注：专窗" in lines


def test_a_folder_is_no_facts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"{tmp_path}: (document): not readable as UTF-8 text: ")


def test_the_mark_that_windows_puts_before_a_file_is_no_part_of_it(
    facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(facts)])
    expected = capsys.readouterr().out
    facts.write_text(FACTS.lstrip(), encoding="utf-8-sig")
    assert main([str(facts)]) == 0
    assert capsys.readouterr().out == expected
