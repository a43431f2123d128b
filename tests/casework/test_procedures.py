"""Proceedings as data: the shipped ones load, say what they hold, and every fault comes with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casework.hearings.rules import rules
from casework.procedure import PROCEDURES, Procedure, load_procedure, parse_procedure, procedure_ids
from casework.procedure.__main__ import main
from casework.procedure.describe import describe
from casework.procedure.words import Stage
from evaluations.scoring import load_scheme
from evaluations.scoring.vocabulary import vocabulary
from office.definitions.faults import InvalidInputError

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "adding-a-procedure.md"
SHIPPED = [
    "guangyuan-bad-ratings",
    "guangyuan-benefits",
    "guangyuan-complaints",
    "wuyang-leads",
    "wuyang-media-promises",
    "wuyang-officer-problems",
    "wuyang-unresolved-matters",
]


def example() -> str:
    """Return the procedure that the guide shows."""
    (text,) = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return str(text)


def faults_of(text: str) -> list[str]:
    with pytest.raises(InvalidInputError) as refused:
        parse_procedure(text)
    return [str(fault) for fault in refused.value.faults]


# --- the shipped ones ---------------------------------------------------------------------------


def test_the_seven_procedures_load_and_say_what_they_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert procedure_ids() == SHIPPED
    assert main(["--check", str(PROCEDURES)]) == 0
    assert capsys.readouterr().out.count("可以使用") == len(SHIPPED)
    prefixes = set()
    for procedure in map(load_procedure, SHIPPED):
        said = describe(procedure)
        for words in (*procedure.requirements, *(one.label for one in procedure.outcomes)):
            assert words in said
        for clock in procedure.clocks:
            assert f"{clock.id}　{clock.label}　自" in said
        assert not re.search(r"<|None|\bPart\b", said)
        prefixes.add(procedure.prefix)
    assert len(prefixes) == len(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_readme_names_each_source_and_what_is_a_reading(name: str) -> None:
    readme = (PROCEDURES / name / "README.md").read_text(encoding="utf-8")
    procedure = load_procedure(name)
    for clock in procedure.clocks:
        assert clock.label in readme, clock.id
        for source in clock.source.split("、"):
            assert source in readme, (clock.id, source)
    if procedure.document.missing:
        assert "没有取得" in readme


def limits(procedure: str, clock: str) -> dict[str, str]:
    rule = load_procedure(procedure).clock(clock)
    return {name: str(time.span) for name, time in (rule.limits or {"": rule.limit}).items() if time}


def test_the_leads_have_the_limits_of_three_kinds() -> None:
    """WY-R3: assigned at once, closed by a day."""
    assert limits("wuyang-leads", "assignment") == {"": "1 个工作日"}
    assert limits("wuyang-leads", "handling") == {"c": "5 个工作日", "b": "15 个工作日", "a": "1 个月"}


def test_the_complaint_centre_says_that_its_text_is_missing() -> None:
    """GY-R18: built from published rules, so nothing claims a clause of the text."""
    procedure = load_procedure("guangyuan-complaints")
    assert "没有取得" in procedure.document.missing
    assert all(one.clause is None and one.reading for one in (*procedure.clocks, *procedure.stages))
    assert procedure.intake.refusal_by_two
    assert procedure.intake.anonymous == "accepted"
    assert procedure.assigning
    assert procedure.assigning.never_to_the_unit
    assert procedure.clock("acceptance").expiry_accepts


def test_a_rated_unit_sees_no_number_of_the_case() -> None:
    """GY-R4: the complaint half has the limits of a bad rating."""
    procedure = load_procedure("guangyuan-bad-ratings")
    hidden = {one.id for one in procedure.intake.fields if not one.to_unit}
    assert hidden >= {"case_number", "place"}
    found = {clock.id: str(clock.limit.span) for clock in procedure.clocks if clock.limit}
    assert found == {
        "assignment": "1 个工作日",
        "contact": "3 个工作日",
        "handling": "15 个工作日",
        "call_back": "5 个工作日",
    }


def test_a_benefit_is_assigned_within_a_working_hour_and_paid_in_a_day() -> None:
    """GY-R12, GY-R13, GY-R14, GY-R15."""
    procedure = load_procedure("guangyuan-benefits")
    found = {clock.id: str(clock.limit.span) for clock in procedure.clocks if clock.limit}
    hour = "60 个工作分钟"
    assert (found["assignment"], found["reassignment"], found["response"]) == (hour, hour, hour)
    assert (found["decision"], found["payment"]) == ("10 个工作日", "1 个工作日")
    assert procedure.supplement
    assert procedure.supplement.times == 1
    assert procedure.hand_back
    assert str(procedure.hand_back.within.span) == hour
    assert procedure.call_back
    assert all(one.call_back for one in procedure.outcomes)


def test_an_officers_problem_goes_through_its_chain_of_days() -> None:
    """WY-R1: report, plan, solve, feed back."""
    procedure = load_procedure("wuyang-officer-problems")
    found = {clock.id: str(clock.limit.span) for clock in procedure.clocks if clock.limit}
    chain = [found[name] for name in ("report", "plan", "solution", "feedback")]
    assert chain == ["1 个工作日", "2 个工作日", "5 个工作日", "1 个工作日"]


def test_whoever_promised_does_not_say_that_it_is_kept() -> None:
    """WY-R6: the matter of a promise ends with the centre's check."""
    procedure = load_procedure("wuyang-media-promises")
    assert [one.stage for one in procedure.stages][-2:] == ["handling", "closed"]
    assert list(procedure.stage(Stage.CLOSED).who) == ["centre"]
    assert procedure.clock(rules().clock).ends == ("replied",)
    assert procedure.outcome(rules().promise.kept)


@pytest.mark.parametrize("name", SHIPPED)
def test_what_may_be_proposed_to_a_ledger_is_an_item_of_that_ledger(name: str) -> None:
    """JL (7), (10), FC −10: the rule is one that the scheme has."""
    for one in load_procedure(name).evidence:
        assert one.rule in vocabulary(load_scheme(one.scheme).defaults).occurrences


# --- what is wrong ------------------------------------------------------------------------------

STAGES = "  - {stage: call_back, who: [centre], then: [closed], clause: 四, says: 回访。}\n"
BROKEN = [
    # what is replaced, by what, and what is said of it
    ("desk: 涉企工单", "desk: ''", "desk: string should have at least 1 character"),
    ("says: 登记。", "says: ''", "stages.0.says: string should have at least 1 character"),
    ("prefix: GD\n", "", "prefix: is missing; add it"),
    ("desk: 涉企工单", "desk: 涉企工单\ncolour: red", "colour: unknown key; keys here are assigning、"),
    (
        "times: 1}\next",
        "times: 1, often: 2}\next",
        "supplement.often: unknown key; keys here are answer_within、",
    ),
    ("then: [closed]", "then: [closed], then: [handling]", "stages.3.then: key written twice"),
    ("clause: 二(一), says: 登记。", "says: 登记。", "stages.0: give the clause it rests on, or the basis"),
    (
        "clause: 二(一), says: 登记。",
        "clause: 第二条, says: 登记。",
        "stages.0.clause: not a clause reference",
    ),
    ("{minutes: 240}", "{minutes: 240, days: 1}", "clocks.0.limit: give exactly one of minutes"),
    ("{minutes: 240}", "{minutes: 0}", "clocks.0.limit.minutes: input should be greater than or equal to 1"),
    ("    limit: {minutes: 240}\n", "", "clocks.0: give either limit or limits by category"),
    ("remind_at: [50]", "remind_at: [100]", "clocks.0: remind_at are shares of the time"),
    ("then: [handling]", "then: [assignment]", "stages.1.then: the stages go in a circle: 交办 → 交办"),
    (
        "then: [call_back]",
        "then: [call_back, assignment]",
        "the stages go in a circle: 交办 → 办理回复 → 交办",
    ),
    ("then: [call_back]", "then: [closed]", "stages.3: the stage call_back is never reached"),
    ("then: [call_back]", "then: []", "stages.2: nothing comes after handling"),
    ("then: [call_back]", "then: [telling]", "stages.2.then: telling is no stage here"),
    (STAGES, STAGES + STAGES, "stages.4.stage: call_back is given twice"),
    ("{stage: registration", "{stage: acceptance", "stages.0.stage: the first stage is registration"),
    ("{stage: registration", "{stage: beginning", "stages.0.stage: input should be"),
    ("who: [unit]", "who: [centre]", "stages.2.who: units act at handling; add unit to who"),
    (
        "who: [centre], then: [closed]",
        "who: [unit], then: [closed]",
        "stages.3.who: a unit that handles a matter",
    ),
    (
        "begins: registered",
        "begins: accepted",
        "clocks.0.begins: no stage brings accepted, so the clock never begins",
    ),
    (
        "ends: [assigned]",
        "ends: [told]",
        "clocks.0.ends: told never comes after registered, so the clock never stops",
    ),
    ("ends: [replied]", "ends: [registered]", "clocks.1.ends: registered never comes after assigned"),
    ("ends: [replied]", "ends: [assigned]", "clocks.1.ends: it ends with the event it begins with"),
    ("ends: [assigned]", "ends: []", "clocks.0.ends: tuple should have at least 1 item"),
    (
        "urgent: {work",
        "grave: {work",
        "clocks.1.limits.grave: no such category: grave; here are usual、urgent",
    ),
    ("supervise: 2", "supervise: 9", "clocks.1.late: chase comes before supervise"),
    ("chase: 0", "rise: true, chase: 0", "clocks.1.late.rise: categories do not rise"),
    ("remind_at: [50]", "expiry_accepts: true", "clocks.0.expiry_accepts: silence accepts only where"),
    ("id: reply\n", "id: assignment\n", "clocks.1.id: assignment is given twice"),
    (
        "supplement: {clause: 三(三), says: 缺什么一次说清，补齐之前不计时。, times: 1}\n",
        "",
        "clocks.1.stops: nothing says",
    ),
    ("    stops: true\n", "", "supplement: it stops no clock"),
    (
        "clocks: [reply]",
        "clocks: [answer]",
        "extension.clocks.0: no such clock: answer; here are assignment、reply",
    ),
    ("id: lawful_no", "id: solved", "outcomes.1.id: solved is given twice"),
    ("{id: urgent,", "{id: usual,", "categories.items.1.id: usual is given twice"),
    ("meaning: kind\n", "meaning: kind\n  default: grave\n", "categories.default: no such category: grave"),
    ("channels: [web]", "channels: [post]", "intake.public_channels.0: no such channel: post"),
    ("{id: topic,", "{id: ticket,", "intake.fields.1.id: ticket is given twice"),
    ("type: choice, ", "", "intake.fields.1: a choice has choices, nothing else has"),
    (", clock: reply,", ", clock: answer,", "figures.0.clock: no such clock: answer"),
    ("rate: on_time, clock: reply", "rate: on_time", "figures.0: on_time names a clock"),
    (
        "rate: on_time, clock: reply",
        "rate: on_time, clocks: [answer]",
        "figures.0.clocks: no such clock: answer",
    ),
    (
        "satisfaction: satisfaction",
        "satisfaction: pleased",
        "call_back: satisfaction names one of the questions",
    ),
    (
        "satisfied: [满意]\n  uns",
        "satisfied: [很满意]\n  uns",
        "call_back: each choice of that question is either",
    ),
    ("tries: 3", "tries: 3\n  not_reached: lost", "call_back.not_reached: no such outcome: lost"),
    ("needs: [law]", "needs: [luck]", "outcomes.1.needs.0: input should be 'law' or 'countersign'"),
]


@pytest.mark.parametrize(("former", "latter", "said"), BROKEN, ids=[said for _, _, said in BROKEN])
def test_a_broken_procedure_is_refused_with_its_line_and_what_to_do(
    former: str, latter: str, said: str
) -> None:
    text = example()
    assert text.count(former) >= 1, "the example no longer holds what is to be broken"
    found = faults_of(text.replace(former, latter, 1))
    assert any(said in fault for fault in found), found
    assert all(re.match(r"procedure\.yaml:\d+: ", fault) for fault in found)


def test_all_faults_come_at_once_and_end_the_command_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the guide shows them, with their lines."""
    text = example().replace("then: [call_back]", "then: [call_back, assignment]", 1)
    text = text.replace("ends: [assigned]", "ends: [told]").replace(", clock: reply,", ", clock: answer,")
    path = tmp_path / "example-tickets" / "procedure.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    assert main(["--check", str(tmp_path)]) == 2
    said = capsys.readouterr().err.replace(f"{path.parent}/", "")
    assert said.strip() in GUIDE.read_text(encoding="utf-8")
    assert len(said.splitlines()) == 3
    assert main(["--check", str(tmp_path / "nowhere")]) == 2
    assert "no such procedure" in capsys.readouterr().err


def test_the_procedure_of_the_guide_is_complete() -> None:
    procedure = parse_procedure(example())
    assert isinstance(procedure, Procedure)
    said = describe(procedure)
    assert "reply　答复　自交办至回复　一般 5 个工作日、紧急 当日　补正期间停计" in said
    for name, part in Procedure.model_fields.items():
        assert not part.is_required() or f"`{name}`" in GUIDE.read_text(encoding="utf-8"), name
