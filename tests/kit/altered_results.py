"""Results of a survey altered in every way that a verifier must name, for both sides."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from surveys.ballots import enclosed, forms
from surveys.ballots.encoding import from_b64
from surveys.ballots.sealing import seal

Json = dict[str, Any]
Results = dict[str, bytes]
Change = Callable[[Json], Any]


def changed(results: Results, name: str, change: Change) -> Results:
    value = json.loads(results[name])
    change(value)
    return {**results, name: json.dumps(value, ensure_ascii=False).encode()}


def one_vote_moved(counts: Json) -> None:
    words = counts["strata"][0]["answers"]["d1p1"]["overall"]
    source = next(word for word in words if word != "满意" and words[word])
    words[source] -= 1
    words["满意"] += 1


def one_ballot_less(counts: Json) -> None:
    counts["touched"]["d1"] -= 1


def one_answer_more(facts: Json) -> None:
    _answers(facts)["满意"] += 1


def withdraw(facts: Json, why: Any) -> None:
    facts["subjects"]["d1"]["members"].pop("d1p2")
    facts["withdrawn"] = {"d1p2": why}


def _answers(facts: Json) -> Json:
    found: Json = facts["subjects"]["d1"]["members"]["d1p1"]["answers"]["ballot"]["overall"]
    return found


NAMED: list[tuple[str, Change, str]] = [
    ("counts.json", one_vote_moved, "每人每问每档的票数一致"),
    ("counts.json", one_ballot_less, "评价过各单位的选票张数与选票一致"),
    ("counts.json", lambda counts: counts.update(ballots=3), "总数"),
    ("facts.json", one_answer_more, "评分所用票数"),
    ("facts.json", lambda facts: facts["subjects"]["d1"]["members"].pop("d1p2"), "评分所用票数"),
    ("facts.json", lambda facts: facts.update(subjects=[]), "评分所用票数"),
    ("outcome.json", lambda outcome: outcome["subjects"]["d1"].update(score="100.00"), "重新评分"),
    ("outcome.json", lambda outcome: outcome["subjects"]["d1"].update(grade="优秀!"), "重新评分"),
]
UNSIGNED: dict[str, Change] = {
    "moved": one_vote_moved,
    "unsigned": lambda counts: counts.pop("signature"),
    "marked": lambda counts: counts.update(comments_mark="0" * 64),
    "nonsense": lambda counts: counts.update(signature=5),
}
BROKEN_FILES = ["counts.json", "facts.json", "outcome.json", "scheme.yaml"]
BROKEN = [b"", b"[]", b"\xff\xfe", b"[" * 5000, b'{"a": 1}']
NO_REASONS = ["", " ", None, 3]
WORDS = ["cleared", "of another survey", "torn", "gone"]

_ODD: list[tuple[str, Change]] = [
    ("counts.json", lambda counts: counts.update(paper={"sheets": 1})),
    ("counts.json", lambda counts: counts.update(paper=None, more="\x85")),
    ("counts.json", lambda counts: counts.update(ballots=28.0)),
    ("counts.json", lambda counts: counts["strata"][0].update(name="另一类")),
    ("counts.json", lambda counts: counts["touched"].update(d2=None)),
    ("counts.json", lambda counts: counts["touched"].update(d2=True)),
    ("facts.json", lambda facts: _answers(facts).update(满意=float(_answers(facts)["满意"]))),
    ("facts.json", lambda facts: _answers(facts).update(满意=2**60)),
    ("facts.json", lambda facts: facts["subjects"].update(d3=None)),
    ("facts.json", lambda facts: facts["subjects"].update(__proto__={"answers": {}})),
    ("facts.json", lambda facts: facts["subjects"].update(d3={"members": [["d2p1", {}]]})),
    ("facts.json", lambda facts: facts["subjects"]["d1"]["members"]["d1p1"].update(answers=[])),
    ("facts.json", lambda facts: facts["subjects"]["d1"]["members"]["d1p1"].update(answers={})),
    ("facts.json", lambda facts: facts["subjects"]["d1"].update(answers={"ballot": {}})),
    ("facts.json", lambda facts: facts.update(withdrawn=["d1p2"])),
    ("facts.json", lambda facts: facts.update(withdrawn={"10": "调离", "d1p2": "\x1c", "2": "调离"})),
    ("facts.json", lambda facts: facts.update(withdrawn={"d2p2": "调离", "d1p2": "退休", "d1": "撤销"})),
]
_SPELLINGS: list[Callable[[bytes], bytes]] = [
    lambda text: b"\xef\xbb\xbf" + text,
    lambda text: text.decode().encode("utf-16"),
    lambda text: text[:-1] + b', "x": 1, "x": 1}',
    lambda text: text[:-1] + b', "x": NaN}',
    lambda text: text[:-1] + b', "x": "\\ud83d"}',
    lambda text: text[:-1] + b', "x": ' + b"[" * 70 + b"]" * 70 + b"}",
    lambda text: text + b" \n",
]
_COMMENTS: list[Any] = [
    None,
    [],
    {},
    {"d1": {}},
    {"d1": "", "d2": []},
    {"d1": [{"kind": "matter"}]},
    {"d1": [{"kind": "matter", "text": 5}]},
]


def with_words(results: Results, counts: Json, public: Json, change: str) -> Results:
    """Other comments than those of the ballots, or none."""
    rest = dict(results)
    sealed = rest.pop(enclosed.NAME)
    if change == "gone":
        return rest
    another = {
        "cleared": enclosed.enclose({**counts, "comments": {}}, public)[enclosed.NAME],
        "of another survey": enclosed.enclose(counts, {**public, "survey": "2025-q1"})[enclosed.NAME],
        "torn": sealed[:-1],
    }
    return {**rest, enclosed.NAME: another[change]}


def every_one(results: Results, counts: Json, public: Json) -> Iterator[Results]:
    """All of the above, and what two languages could read in two ways."""
    yield results
    yield {}
    for name, change in [*(each[:2] for each in NAMED), *_ODD]:
        yield changed(results, name, change)
    for change in UNSIGNED.values():
        yield changed(results, "counts.json", change)
    for name in BROKEN_FILES:
        for content in BROKEN:
            yield {**results, name: content}
    for why in [*NO_REASONS, "申诉采纳：借调在外"]:
        yield changed(results, "facts.json", lambda facts, why=why: withdraw(facts, why))
    for change in WORDS:
        yield with_words(results, counts, public, change)
    for spelt in _SPELLINGS:
        yield {**results, "facts.json": spelt(results["facts.json"])}
    for text in _sealed_texts(counts, public):
        yield {**results, enclosed.NAME: seal(text, from_b64(public["tally_key"], 32))}


def _sealed_texts(counts: Json, public: Json) -> Iterator[bytes]:
    honest = forms.canonical({"survey": public["survey"], "comments": counts["comments"]}).encode()
    yield from (honest + b"\t ", b"[1]", b'"comments"', honest.decode().encode("utf-16"))
    yield honest[:-1] + b',"survey":"x"}'
    for comments in _COMMENTS:
        yield json.dumps({"survey": public["survey"], "comments": comments}).encode()
