"""python -m surveys.ballots.verify BUNDLE [--key FILE] — recount and rescore from the bundle alone.

Prints what it proved and what it could not. Needs no Django and no database; the only module of the
ballot core that imports the scoring core.
"""

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from evaluations.scoring import InvalidInputError, disagreements, parse_scheme, same_engine, score_facts
from surveys.ballots import enclosed, explanations, forms, keyfile, marks, signing
from surveys.ballots.bundle import PAPER, Bundle, BundleFault
from surveys.ballots.controls import CountsFault, check_counts, controls
from surveys.ballots.counting import Count, count_bundle, counts_file
from surveys.ballots.encoding import from_b64
from surveys.ballots.forms import Json
from surveys.ballots.keyfile import KeyFault
from surveys.ballots.keygen import read_private_key


@dataclass
class Findings:
    """What was proved, found wrong or explained, and what the bundle cannot prove."""

    proved: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def note(self, said: str, holds: bool) -> None:
        (self.proved if holds else self.wrong).append(said)


LIMITS = (
    "评价中心没有为未发出的凭条制造凭证（签发密钥由评价中心保管，只能以各批次数字约束）",
    "没有在截止前丢弃选票或回退修改（由评价人持回执码核对名单）",
    "评价人的手机和页面没有被动手脚",
    "文字意见的内容属实",
)


def verify(
    bundle: Bundle,
    *,
    private_key: bytes | None = None,
    published: dict[str, str] | None = None,
    processes: int = 1,
) -> Findings:
    """Everything the bundle allows. `published`: fp, code_root, tracker_root as posted publicly."""
    found = Findings()
    if faults := bundle.faults():
        found.wrong += faults
        found.open.append("其余各项（计票包已被改动，没有继续核验）")
        return found
    found.proved.append("计票包各文件与清单一致，清单有票箱签名")
    _published(bundle, published or {}, found)
    _controls(bundle, found)
    count = count_bundle(bundle, private_key, processes=processes)
    found.note(f"全部{bundle.size}张选票的盲签名和凭证签名成立，票种相符", not count.forged)
    if count.forged:
        found.wrong.append(f"签名不成立的选票{len(count.forged)}张，回执码{count.forged[0][:16]}等")
    counts = _recount(bundle, count, private_key, found)
    _rescore(bundle, counts, found)
    found.open += LIMITS
    if bundle.manifest["key_on_server"]:
        found.open.append("截止前无人看过选票（计票密钥存放在服务器上，须信任服务器管理员）")
    if bundle.has(PAPER):
        found.open.append("纸质票录入与纸面一致（由两人背靠背录入、第三人核定，纸质票封存备查）")
    return found


def _published(bundle: Bundle, published: dict[str, str], found: Findings) -> None:
    names = {
        "fp": "校验码（凭条所印）",
        "code_root": "票码清单摘要（开评前公布）",
        "tracker_root": "回执名单摘要（截止时公布）",
    }
    found.note("校验码与评价表、全部公钥相符", forms.fingerprint(bundle.public) == bundle.manifest["fp"])
    for name, label in names.items():
        if name in published:
            posted = "".join(published[name].split())
            found.note(f"{label}与公布的一致", posted.lower() == bundle.manifest[name].lower())
        else:
            found.open.append(f"{label}与公布的一致（没有提供公布的内容）：{bundle.manifest[name]}")


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
        found.note("评价过各单位的选票张数与选票一致", counts["touched"] == again["touched"])
    found.note("文字意见与选票一致，没有增删改", _texts(_enclosed(bundle, private_key)) == _texts(again))
    return counts


def _enclosed(bundle: Bundle, private_key: bytes) -> Json | None:
    if not bundle.has(enclosed.NAME):
        return None
    return enclosed.disclose(bundle.read(enclosed.NAME), bundle.survey, private_key)


def _merged_alike(counts: Json, again: Json) -> bool:
    """Strata may have been merged; summed in the same way they must be equal."""
    single = {group["keys"][0]: group for group in again["strata"]}
    try:
        whole = all(counts.get(name) == again.get(name) for name in ("spoiled", "packets", "paper"))
        return whole and all(
            group["counted"] == sum(single[key_id]["counted"] for key_id in group["keys"])
            and group["answers"] == added([single[key_id]["answers"] for key_id in group["keys"]])
            for group in counts["strata"]
        )
    except (KeyError, TypeError):
        return False


def added(tables: list[Json]) -> Json:
    total: Json = {}
    for table in tables:
        for subject, questions in table.items():
            for question, words in questions.items():
                row = total.setdefault(subject, {}).setdefault(question, {})
                for word, number in words.items():
                    row[word] = row.get(word, 0) + number
    return total


def _texts(counts: Json | None) -> Counter[tuple[str, str, str]]:
    try:
        return Counter(
            (department, entry["kind"], entry["text"])
            for department, entries in (counts or {})["comments"].items()
            for entry in entries
        )
    except (KeyError, TypeError, AttributeError):
        return Counter({("", "", "unreadable"): -1})


def _rescore(bundle: Bundle, counts: Json | None, found: Findings) -> None:
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
    try:
        entries = dict(facts["subjects"])
        for subject in facts["subjects"].values():
            entries.update(subject.get("members", {}))
        rated = {name for name, entry in entries.items() if entry.get("answers")}
        return (
            rated | withdrawn == set(answers)
            and not rated & withdrawn
            and all(
                counted in entries[subject]["answers"].values()
                for subject, counted in answers.items()
                if subject in rated
            )
        )
    except (KeyError, TypeError, AttributeError):
        return False


def _marks_hold(facts: Json, form: Json, counts: Json) -> bool:
    """Every unit has in the facts exactly the marks that each panel's ballots gave it."""
    try:
        tables = {group["name"]: group["answers"] for group in counts["strata"]}
        return all(
            sorted(facts["subjects"][unit].get("marks", {}).get(panel["id"], {}).values()) == sorted(words)
            for panel in marks.panels(form)
            for unit, words in marks.given(form, panel, tables[panel["stratum"]]).items()
        )
    except (KeyError, TypeError, AttributeError):
        return False


def _member(bundle: Bundle, name: str, found: Findings) -> Json | None:
    if not bundle.has(name):
        return None
    try:
        value = json.loads(bundle.read(name))
    except (ValueError, RecursionError):
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
        bundle = Bundle(options.bundle)
        private = _key(bundle, options.key)
        found = verify(bundle, private_key=private, published=published, processes=max(1, options.processes))
    except (BundleFault, KeyFault) as fault:
        print(fault, file=sys.stderr)
        return 1
    _print(found)
    return 1 if found.wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m surveys.ballots.verify",
        description="只凭计票包核验选票、票数和得分，说明证明了什么、不能证明什么。",
    )
    parser.add_argument("bundle", type=Path, metavar="计票包")
    parser.add_argument("--key", type=Path, metavar="文件", help="计票密钥文件，用于重新开票计票")
    parser.add_argument("--fp", metavar="校验码", help="凭条上印制的校验码")
    parser.add_argument("--code-root", metavar="摘要", help="开评前公布的票码清单摘要")
    parser.add_argument("--tracker-root", metavar="摘要", help="截止时公布的回执名单摘要")
    parser.add_argument("--processes", type=int, default=1, metavar="个数", help="同时使用的处理器个数")
    return parser


def _key(bundle: Bundle, path: Path | None) -> bytes | None:
    if path is None:
        return None
    private = read_private_key(path)
    if keyfile.public_key(private) != from_b64(bundle.public["tally_key"], keyfile.KEY_LENGTH):
        raise KeyFault("这把密钥不是本次评价的计票密钥，请换用与公钥识别码相符的密钥文件。")
    return private


def _print(found: Findings) -> None:
    parts = (
        ("已经证明", found.proved),
        ("发现问题", found.wrong),
        ("有出入，已作说明", found.explained),
        ("不能证明", found.open),
    )
    for title, lines in parts:
        if lines:
            print(f"{title}：")
            print("\n".join(f"　{number}. {line}" for number, line in enumerate(lines, start=1)))
    print("核验未通过。" if found.wrong else "核验通过。")


if __name__ == "__main__":
    sys.exit(main())
