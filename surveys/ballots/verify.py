"""python -m surveys.ballots.verify BUNDLE [--key FILE] — recount and rescore from the bundle alone.

Prints what it proved and what it could not. Needs no Django and no database; the only module of the
ballot core that imports the scoring core.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from evaluations.scoring import InvalidInputError, disagreements, parse_scheme, same_engine, score_facts
from surveys.ballots import enclosed, explanations, keyfile, marks, plain_json, signing
from surveys.ballots.bundle import PAPER, Altered, Bundle, BundleFault
from surveys.ballots.controls import CountsFault, check_counts, controls
from surveys.ballots.counting import Count, count_bundle, counts_file
from surveys.ballots.encoding import Malformed, from_b64
from surveys.ballots.findings import Findings, PostedFault, read_posted
from surveys.ballots.forms import Json
from surveys.ballots.keyfile import KeyFault
from surveys.ballots.keygen import read_private_key
from surveys.ballots.public_part import NOT_RECOUNTED, PublicPart, is_public_part, verify_public
from surveys.ballots.shapes import misfit

NOT_RESCORED = (
    "得分、等次和推导出自评分所用的票数和评价方案"
    "（没有重新评分；请用命令 python -m surveys.ballots.verify 计票包 重新评分）"
)
_COMMENTS = {str: [{"kind": str, "text": str}]}
_ANSWERS = {"answers?": {str: object}}
_FACTS = {"subjects": {str: {**_ANSWERS, "members?": {str: _ANSWERS}}}}
_MARKS = {"subjects": {str: {"marks?": {str: {str: str}}}}}


def verify(
    bundle: Bundle,
    *,
    private_key: bytes | None = None,
    published: dict[str, str] | None = None,
    processes: int = 1,
    scores: bool = True,
) -> Findings:
    """Everything the bundle allows. `published`: fp, code_root, tracker_root as posted publicly.

    Without `scores` nothing is scored again: so far goes the custodian's page.
    """
    found, posted = Findings(), read_posted(published or {})
    if faults := bundle.faults():
        found.wrong += faults
        found.open.append("其余各项（计票包已被改动，没有继续核验）")
        return found
    found.proved.append("计票包各文件与清单一致，清单有票箱签名")
    found.compare(bundle.public, bundle.manifest, posted)
    _controls(bundle, found)
    count = count_bundle(bundle, private_key, processes=processes)
    found.note(f"全部{bundle.size}张选票的盲签名和凭证签名成立，票种相符", not count.forged)
    if count.forged:
        found.wrong.append(f"签名不成立的选票{len(count.forged)}张，回执码{count.forged[0][:16]}等")
    counts = _recount(bundle, count, private_key, found)
    _check_scores(bundle, counts, found, again=scores)
    found.admit(key_on_server=bundle.manifest["key_on_server"], paper=bundle.has(PAPER))
    return found


def _controls(bundle: Bundle, found: Findings) -> None:
    """Each inequality is counted again; a broken one needs an explanation that fits its numbers."""
    given = explanations.Explanations()
    if bundle.has(explanations.NAME):
        try:
            given = explanations.read(bundle.read(explanations.NAME), bundle.survey)
        except explanations.ExplanationFault as fault:
            found.wrong.append(str(fault))
    for control in [*controls(bundle), *given.further]:
        if one := given.of(control):
            found.explained.append(str(one))
        elif control.uncounted:
            found.open.append(control.said)
        elif control not in given.further or not control.holds:
            found.note(control.said, control.holds)
    if given.further:
        found.open.append("退回凭条和现场评价的登记数（计票包不含，以评价中心所记为准）")


def _recount(bundle: Bundle, count: Count, private_key: bytes | None, found: Findings) -> Json | None:
    counts = _member(bundle, "counts.json", found)
    if counts is None:
        found.open.append("计票结果（计票包中没有计票结果）")
        return None
    try:
        check_counts(counts, bundle)
        found.proved.append("计票结果属于本计票包，各项之和等于选票数")
    except CountsFault as fault:
        found.wrong.append(str(fault))
        return None
    if signing.is_signed(bundle.public):
        holds = signing.holds(counts, bundle.public)
        found.note("计票结果由保管人签名，与校验码所含的签名公钥相符", holds)
    else:
        found.open.append("计票结果由保管人写出（本轮未签名，须用计票密钥重新计票）")
    if private_key is None:
        found.open.append("计票结果和文字意见与选票内容一致（须有计票密钥才能重新计票）")
        return counts
    if signing.is_signed(bundle.public):
        found.note("签名公钥出自计票密钥", signing.fits(private_key, bundle.public))
    again = counts_file(bundle, count, least=0)
    found.note("用计票密钥重新计票，每人每问每档的票数一致", _merged_alike(counts, again))
    if "touched" in counts:
        found.note("评价过各单位的选票张数与选票一致", _same(counts["touched"], again["touched"]))
    if said := [group for group in counts["strata"] if "alike" in group]:
        holds = all(group["alike"] == sum(count.alike[key_id] for key_id in group["keys"]) for group in said)
        found.note("整张同答的选票张数与选票一致", holds)
    found.note("文字意见与选票一致，没有增删改", _texts(_enclosed(bundle, private_key)) == _texts(again))
    return counts


def _enclosed(bundle: Bundle, private_key: bytes) -> Json | None:
    if not bundle.has(enclosed.NAME):
        return None
    return enclosed.disclose(bundle.read(enclosed.NAME), bundle.survey, private_key)


def _merged_alike(counts: Json, again: Json) -> bool:
    """Strata may have been merged; summed in the same way they must be equal."""
    single = {group["keys"][0]: group for group in again["strata"]}
    whole = all(_same(counts.get(name), again.get(name)) for name in ("spoiled", "packets", "paper"))
    return whole and all(
        group["counted"] == sum(single[key_id]["counted"] for key_id in group["keys"])
        and _same(group["answers"], added([single[key_id]["answers"] for key_id in group["keys"]]))
        for group in counts["strata"]
    )


def _same(one: object, other: object) -> bool:
    """As written: 1 is neither 1.0 nor true."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def added(tables: list[Json]) -> Json:
    total: Json = {}
    for table in tables:
        for subject, questions in table.items():
            for question, words in questions.items():
                row = total.setdefault(subject, {}).setdefault(question, {})
                for word, number in words.items():
                    row[word] = row.get(word, 0) + number
    return total


def _texts(counts: Json | None) -> Counter[tuple[str, str, str]] | None:
    if counts is None or misfit(counts["comments"], _COMMENTS) is not None:
        return None
    return Counter(
        (department, entry["kind"], entry["text"])
        for department, entries in counts["comments"].items()
        for entry in entries
    )


def _check_scores(bundle: Bundle, counts: Json | None, found: Findings, *, again: bool) -> None:
    """The facts hold exactly the counts, and the scheme gives exactly the outcome."""
    facts, outcome = _member(bundle, "facts.json", found), _member(bundle, "outcome.json", found)
    if facts is None or outcome is None or counts is None or not bundle.has("scheme.yaml"):
        found.open.append("得分和等次（计票包中没有评分事实、评价方案或评分结果）")
        return
    form = bundle.public["form"]
    tables = [marks.without_added(form["choices"], group["answers"]) for group in counts["strata"]]
    withdrawn = _withdrawn(bundle, facts)
    if marks.gives_marks(form):
        found.note("评分所用的分数就是计票结果", _marks_hold(facts, form, counts))
    else:
        found.note("评分所用票数就是计票结果", _facts_hold(facts, added(tables), set(withdrawn)))
    found.explained += [
        f"{name}：选票上有此名，票数已计，评分时已取消参评。说明：{why}" for name, why in withdrawn.values()
    ]
    if again:
        _score_again(bundle, facts, outcome, found)
    else:
        found.open.append(NOT_RESCORED)


def _score_again(bundle: Bundle, facts: Json, outcome: Json, found: Findings) -> None:
    try:
        policy = parse_scheme(bundle.read("scheme.yaml").decode(), file="scheme.yaml")
        again = score_facts(policy, facts)
        what = "得分、等次和推导" if same_engine(outcome, again) else "得分、等次、名次和处置建议"
        found.note(f"按评价方案重新评分，全部{what}一致", not disagreements(outcome, again))
        if not same_engine(outcome, again):
            found.open.append("推导的文字与公布的一致（由本程序的另一版本写成，数字已经核对）")
    except (InvalidInputError, UnicodeDecodeError) as fault:
        found.wrong.append(f"无法重新评分，评价方案或评分事实不完整：{fault}")


def _withdrawn(bundle: Bundle, facts: Json) -> dict[str, tuple[str, str]]:
    """Persons or units on the ballots that are no longer judged, as after an appeal: id → (name, reason).

    Nobody can be left out silently: the facts must give a reason, and it is printed.
    """
    given = facts.get("withdrawn", {})
    if not isinstance(given, dict):
        return {}
    asked = {
        person["id"]: f"{department['name']}{person['name']}"
        for department in bundle.public["form"]["departments"]
        for section in department["sections"]
        for person in section["persons"]
    } | {department["id"]: str(department["name"]) for department in bundle.public["form"]["departments"]}
    return {
        key: (asked[key], why)
        for key, why in given.items()
        if key in asked and isinstance(why, str) and why.strip()
    }


def _facts_hold(facts: Json, answers: Json, withdrawn: set[str]) -> bool:
    """Everybody who was asked about has in the facts exactly the counted answers, or was withdrawn."""
    if misfit(facts, _FACTS) is not None:
        return False
    entries = dict(facts["subjects"])
    for subject in facts["subjects"].values():
        entries.update(subject.get("members", {}))
    rated = {name: list(entry["answers"].values()) for name, entry in entries.items() if entry.get("answers")}
    return (
        rated.keys() | withdrawn == answers.keys()
        and not rated.keys() & withdrawn
        and all(any(_same(answers[name], one) for one in given) for name, given in rated.items())
    )


def _marks_hold(facts: Json, form: Json, counts: Json) -> bool:
    """Every unit has in the facts exactly the marks that each panel's ballots gave it."""
    tables = {group["name"]: group["answers"] for group in counts["strata"]}
    panels = marks.panels(form)
    if misfit(facts, _MARKS) is not None or any(panel["stratum"] not in tables for panel in panels):
        return False
    units = facts["subjects"]
    return all(
        unit in units and sorted(units[unit].get("marks", {}).get(panel["id"], {}).values()) == sorted(words)
        for panel in panels
        for unit, words in marks.given(form, panel, tables[panel["stratum"]]).items()
    )


def _member(bundle: Bundle, name: str, found: Findings) -> Json | None:
    if not bundle.has(name):
        return None
    try:
        value = plain_json.parse(bundle.read(name))
    except Malformed:
        value = None
    if not isinstance(value, dict):
        found.wrong.append(f"{name} 不是完整的文件")
        return None
    return value


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    names = ("fp", "code_root", "tracker_root")
    published = {name: value for name in names if (value := getattr(options, name))}
    try:
        found = _found(options, read_posted(published))
    except (Altered, BundleFault, KeyFault, PostedFault) as fault:
        print(fault, file=sys.stderr)
        return 1
    print("\n".join(found.lines()))
    return 1 if found.wrong else 0


def _found(options: argparse.Namespace, published: dict[str, str]) -> Findings:
    if is_public_part(options.bundle):
        if options.key:
            raise BundleFault(NOT_RECOUNTED)
        return verify_public(PublicPart(options.bundle), published=published)
    bundle = Bundle(options.bundle)
    return verify(
        bundle,
        private_key=_key(bundle, options.key),
        published=published,
        processes=max(1, options.processes),
        scores=not options.no_scores,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m surveys.ballots.verify",
        description="只凭计票包（或公开核验包）核验选票、票数和得分，说明证明了什么、不能证明什么。",
    )
    parser.add_argument("bundle", type=Path, metavar="计票包")
    parser.add_argument("--key", type=Path, metavar="文件", help="计票密钥文件，用于重新开票计票")
    parser.add_argument("--fp", metavar="校验码", help="凭条上印制的校验码")
    parser.add_argument("--code-root", metavar="摘要", help="开评前公布的票码清单摘要")
    parser.add_argument("--tracker-root", metavar="摘要", help="截止时公布的回执名单摘要")
    parser.add_argument("--no-scores", action="store_true", help="不重新评分，核验到保管人页面所及的程度")
    parser.add_argument("--processes", type=int, default=1, metavar="个数", help="同时使用的处理器个数")
    return parser


def _key(bundle: Bundle, path: Path | None) -> bytes | None:
    if path is None:
        return None
    private = read_private_key(path)
    if keyfile.public_key(private) != from_b64(bundle.public["tally_key"], keyfile.KEY_LENGTH):
        raise KeyFault("这把密钥不是本次评价的计票密钥，请换用与公钥识别码相符的密钥文件。")
    return private


if __name__ == "__main__":
    sys.exit(main())
