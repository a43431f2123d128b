"""The custodian's page opens and counts as the command line does: the same reasons, numbers and bytes."""

import json
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_der_private_key

from surveys.ballots import blindrsa, credentials, forms, keyfile, marks, sealing, signing, tally
from surveys.ballots.bundle import Altered, Bundle, BundleFault, SlipRow
from surveys.ballots.casting import Cast
from surveys.ballots.controls import check_signed_counts, controls
from surveys.ballots.counting import Count, count_bundle, counts_file
from surveys.ballots.encoding import from_b64, to_b64
from surveys.ballots.keyfile import KeyFault
from surveys.ballots.paper import Sheet, opened, paper_member
from surveys.ballots.sealing import Comment, Spoiled
from surveys.voting.simulated_phone import Loaded
from tests.ballots.test_paper import on_paper, packet
from tests.kit import ballot_form
from tests.kit.bundles import files_of
from tests.kit.custodian import Custodian, Refusal
from tests.kit.election import SEED, Election, cast, closed_election
from tests.kit.issuer import issuer_key, moduli, redeemed_phone

KIT = "../../test/kit/ballots"
Json = dict[str, Any]

TEXTS = [
    b"[]",
    b"{}",
    b'""',
    b"5",
    b"null",
    b"[NaN]",
    b"[[0,1,2]]",
    b'[[0,"a","b"]]',
    b' [ [ 0 , "a" , "b" ] ]\n',
    b'[[-0,"a",""]]',
    b'[[0.0,"a",""]]',
    b'[[1.0,"a",""]]',
    b'[[1e0,"a",""]]',
    b'[[1E0,"a",""]]',
    b'[[01,"a",""]]',
    b'[[+1,"a",""]]',
    b'[[1,"a 1.5e3 \\" 2.0",""]]',
    b'[[1,"a\\\\",""],[2,"1.0",""]]',
    b'[[9007199254740993,"a",""]]',
    b'[[%s,"a",""]]' % (b"9" * 5000),
    b'[[8,"a",""]]',
    b'[[9,"a",""]]',
    b'[[-1,"a",""]]',
    b'[[true,"a",""]]',
    b'[["0","a",""]]',
    b'[[null,"a",""]]',
    b'[[0,"a",null]]',
    b'[[0,"a"]]',
    b'[[0,"a","b","c"]]',
    b'[[0,["a"],""]]',
    b'[{"0":0,"1":"a","2":""}]',
    b'[[1,"a",""],[0,"b",""]]',
    b'[[1,"a",""],[1,"b",""]]',
    b'[[0,"a",""],[1,"b",""]]',
    b'[[0,"a",""],]',
    b'[[0,"a",""]] x',
    b'[[0,"a\tb",""]]',
    b'[[0,"a\\tb\\u0007\\n\x7f",""]]',
    b"[[0,'a','']]",
    b'[[0,"\\x41",""]]',
    b'[[0,"\\u00g1",""]]',
    b"[" * 3000,
    b"[" * 500 + b"]" * 500,
    b"\xff",
    b'[[0,"\xc0\x80",""]]',
    b'[[0,"\xf4\x90\x80\x80",""]]',
    b'[[0,"\xed\xa0",""]]',
    b'[[0,"\\ud83d",""]]',
    b'[[0,"\\udc4d\xe5\xa5\xbd\\ud83d",""]]',
    b'[[0,"\xed\xa0\xbd\xed\xb1\x8d",""]]',
    b'[[0,"\xed\xb1\x8d\xed\xa0\xbd\\udc4d",""]]',
    b'[[0,"\\ud83d\xed\xb1\x8d",""]]',
    b'\xef\xbb\xbf[[0,"a",""]]',
    b'[[0,"\xef\xbb\xbfa\xef\xbb\xbf",""]]',
    '[[0,"a",""]]'.encode("utf-16"),
    '[[0,"a",""]]'.encode("utf-16-be"),
    '[[0,"a",""]]'.encode("utf-32-le"),
    json.dumps([[0, "a" * 1500, ""]]).encode(),
    json.dumps([[0, "a" * 1500, "b"]]).encode(),
    json.dumps([[0, "𠮷" * 1500, ""]], ensure_ascii=False).encode(),
    json.dumps([[0, "𠮷" * 1501, ""]], ensure_ascii=False).encode(),
    json.dumps([[0, "a" * 1500, "\x07"]]).encode(),
    b'[[0,"\xe2\x80\xa8\xc2\x85",""]]',
    b'[[0,"\x00",""]]',
    b'[[0,"a",""]]\x00',
]


def judged(layout: sealing.Layout, plain: bytes, inside: bytes, allowed: bytes | None = None) -> object:
    """What the command line reads, in the page's words."""
    try:
        answers, comments = layout.read(plain, inside, allowed)
    except Spoiled as spoiled:
        return spoiled.reason
    return {"answers": answers, "comments": [list(one) for one in comments]}


def test_a_plain_text_is_read_or_spoiled_for_the_same_reason(offline: Custodian) -> None:
    public = ballot_form.public()
    layout, inside = sealing.Layout.of(public["form"]), b"i" * 32

    def plain(text: bytes, answers: bytes = bytes(9)) -> bytes:
        head = bytes([1]) + inside + answers + len(text).to_bytes(2, "big") + text
        return head.ljust(layout.plain_length, b"\0")

    ordinary = plain(b"")
    after = bytearray(plain(b"[]"))
    after[-1] = 1
    too_long = ordinary[:42] + (layout.comment_room + 1).to_bytes(2, "big") + ordinary[44:]
    plains = [
        *map(plain, TEXTS),
        plain(b"", bytes([5, 0, 1, 2, 3, 4, 5, 0, 0])),
        plain(b"", bytes([6, *bytes(8)])),
        plain(b"", bytes([*bytes(8), 255])),
        b"\2" + ordinary[1:],
        ordinary[:-1],
        ordinary + b"\0",
        ordinary[:32] + b"x" + ordinary[33:],
        bytes(after),
        too_long,
    ]
    told = offline.ask(KIT, "read", public, "K7M2", inside, plains)
    expected = [judged(layout, one, inside) for one in plains]
    assert dict(enumerate(told)) == dict(enumerate(expected))
    assert {one for one in expected if isinstance(one, str)} == {"version", "copied", "choice", "comments"}


def box_of(form: Json, *numbers: int) -> Election:
    """A small box of any form: so many ballots of each stratum, comments if it may."""
    random = Random(3)  # noqa: S311 - answers, not secrets
    private = keyfile.new_private_key()
    key_ids = list(ballot_form.STRATA)[: len(numbers)]
    public = ballot_form.public(
        keys=moduli(*key_ids),
        tally_key=keyfile.public_key(private),
        counts_key=keyfile.counts_key(private),
        box_key=credentials.box_public_key(SEED),
        asked=form,
    )
    loaded, allowed = Loaded(public), marks.allowed(public)
    election = Election(public, private, [], [], [], [], [])
    for key_id, number in zip(key_ids, numbers, strict=True):
        batch = {"id": key_id, "key": key_id, "town": "示范镇", "printed": number}
        election.batches.append({**batch, "handed": number, "returned": 0, "spoiled": 0})
        choices = allowed.get(key_id, bytes(range(loaded.layout.choices + 1)))
        for _ in range(number):
            phone = redeemed_phone(loaded, key_id)
            cells = bytes(random.choice(choices) for _ in range(loaded.layout.cells))
            said = [Comment(0, "排队\n时间长", "　增设“窗口”\u0085")] if form["comment_cap"] else []
            election.phones.append(phone)
            election.casts.append(cast(phone, cells, said))
            election.slips.append(SlipRow(random.randbytes(32), "redeemed", len(election.batches) - 1))
    return election


def numbered(form: Json) -> Json:
    """The same form with ids that JavaScript would put in an order of its own."""
    text = json.dumps(form, ensure_ascii=False)
    for place, department in enumerate(form["departments"]):
        text = text.replace(f'"{department["id"]}"', f'"{20 - place}"')
    found: Json = json.loads(text)
    return found


def with_paper(election: Election, path: Path) -> Bundle:
    sheets = [
        *packet(election, "K7M2", b"\1\2\3\4", 1, [Comment(0, "\t排队", "")]),
        Sheet("90000001", "P3ZT", "d1", "valid", "19"),
        Sheet("90000002", "P3ZT", "d2", "valid", "01"),
        Sheet("90000003", "P3ZT", "d1", "spoiled", ""),
        Sheet("90000004", "P3ZT", "d2", "set_aside", ""),
    ]
    return on_paper(election, path, {"K7M2": 1, "P3ZT": 2}, sheets)


def marks_on_paper(path: Path) -> tuple[Election, Bundle]:
    election = box_of(ballot_form.of_marks(2, 1), 3, 12)
    keys = list(ballot_form.STRATA)[:2]
    low = len(forms.words(election.public["form"])) - 1  # the least mark, which both panels may give
    both = f"{low:02x}{low - 1:02x}"
    sheets = [
        Sheet("10000001", keys[0], "g1", "valid", both),
        Sheet("10000002", keys[0], "g2", "valid", "ff"),
    ]
    slips = [*election.slips, SlipRow(b"p" * 32, "paper", 0)]
    member = paper_member(election.public, dict(zip(keys, (1, 0), strict=True)), sheets)
    return election, election.write(path, slips=slips, paper=member)


def straight(at: int, length: int) -> bytes:
    """Every third ballot gives all the same choice; every third rates too few for that to say anything."""
    if at % 3 == 0:
        return bytes([1 + at % 2] * length)
    return bytes([1] * 4 + [0] * (length - 4)) if at % 3 == 1 else bytes([1, *[2] * (length - 1)])


BOXES: dict[str, Callable[[Election, Path], tuple[Election, Bundle]]] = {
    "paper": lambda election, path: (election, with_paper(election, path)),
    "marks": lambda _, path: marks_on_paper(path),
    "units": lambda _, path: _written(box_of(numbered(ballot_form.of_units(2, 3)), 11, 4, 10), path),
    "straight": lambda _, path: _written(closed_election(persons=3, vote=straight), path),
    "nobody": lambda election, path: _written(replace(election, casts=[]), path),
}


def _written(election: Election, path: Path) -> tuple[Election, Bundle]:
    return election, election.write(path)


@pytest.mark.parametrize("kind", list(BOXES))
def test_the_page_writes_the_same_file_byte_for_byte(
    election: Election,
    offline: Custodian,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    """Given the same nonce and the same order of comments, which are drawn by lot."""
    holder, bundle = BOXES[kind](election, tmp_path / "bundle.zip")
    told = offline.ask(KIT, "tally", bundle.path, holder.private, 10)
    theirs = json.loads(told["text"])
    ours = counts_file(bundle, count_bundle(bundle, holder.private))
    assert listed(ours["comments"]) == listed(theirs["comments"])
    nonce = from_b64(theirs["comments_nonce"], 32)
    monkeypatch.setattr("surveys.ballots.signing.secrets.token_bytes", lambda _: nonce)
    ours = signing.signed({**ours, "comments": theirs["comments"]}, holder.private, holder.public)
    assert told["text"] == json.dumps(ours, ensure_ascii=False, indent=1)
    check_signed_counts(theirs, bundle)


def listed(comments: Json) -> dict[str, Counter[str]]:
    return {department: Counter(map(str, entries)) for department, entries in comments.items()}


def test_the_page_says_what_the_command_says(
    election: Election, bundle: Bundle, offline: Custodian, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pooled = with_paper(election, tmp_path / "bundle.zip")
    for box in (bundle, pooled):
        told = offline.ask(KIT, "tally", box.path, election.private, 10)
        tally._report(json.loads(told["text"]), Path("counts.json"))
        assert capsys.readouterr().out.splitlines() == told["lines"]


def test_either_side_holds_the_others_signature_and_refuses_the_same_changes(
    election: Election, bundle: Bundle, counts_text: str, offline: Custodian
) -> None:
    theirs = offline.ask(KIT, "tally", bundle.path, election.private, 10)["text"]
    changed = []
    for text in (counts_text, theirs):
        for change in CHANGES:
            counts = json.loads(text)
            change(counts)
            changed.append(json.dumps(counts))
    told = offline.ask(KIT, "hold", [counts_text, theirs, *changed], election.public)
    ours = [signing.holds(json.loads(text), election.public) for text in (counts_text, theirs, *changed)]
    assert told == ours
    assert ours == [True, True, *[change is without_comments for _ in range(2) for change in CHANGES]]


def without_comments(counts: Json) -> None:
    del counts["comments"]


CHANGES: list[Callable[[Json], Any]] = [
    without_comments,
    lambda counts: counts.update(ballots=29),
    lambda counts: counts.update(ballots=28.0),
    lambda counts: counts["strata"][0].update(counted=True),
    lambda counts: counts["strata"].reverse(),
    lambda counts: counts["touched"].update(__proto__=12),
    lambda counts: counts["comments"].clear(),
    lambda counts: counts["comments"].update(d2=[{"kind": "matter", "text": "\ud83d"}]),
    lambda counts: counts.update(comments_nonce=counts["comments_nonce"][:-1]),
    lambda counts: counts.update(comments_nonce=5),
    lambda counts: counts.update(comments_nonce="\ud83d"),
    lambda counts: counts.update(signature=counts["signature"][::-1]),
    lambda counts: counts.update(signature=None),
    lambda counts: counts.pop("signature"),
    lambda counts: counts.update(more=1),
]


@dataclass
class Forger:
    """Whoever alters ballots of an election: without the voter's key, or with it."""

    election: Election

    def altered(self, place: int, **changes: Any) -> Cast:
        return replace(self.election.casts[place], **changes)

    def signed(self, place: int, sealed: bytes, seq: int | None = None) -> Cast:
        """Sealed anew by the voter of this ballot, who holds the credential."""
        one = self.altered(place, sealed=sealed)
        one = one if seq is None else replace(one, seq=seq)
        message = credentials.ballot_message(self.election.public["survey"], one.credential, one.seq, sealed)
        signature = self.election.phones[place].signing.sign(message).signature
        return replace(one, edsig=signature)

    def sealed(self, place: int, seq: int | None = None, **changes: Any) -> Cast:
        """An honest plain text with some bytes changed: `at` → byte, or a text as its comments."""
        one, public = self.election.casts[place], self.election.public
        layout = sealing.Layout.of(public["form"])
        inside = credentials.binding(
            public["survey"], forms.form_hash(public), one.credential, one.seq if seq is None else seq
        )
        plain = bytearray(layout.write(inside, bytes(layout.cells), [Comment(0, "好", " ")]))
        for at, byte in changes.get("bytes", {}).items():
            plain[at] = byte
        if text := changes.get("text"):
            head = plain[: 33 + layout.cells] + len(text).to_bytes(2, "big") + text
            plain = head.ljust(layout.plain_length, b"\0")
        return self.signed(place, sealing.seal(bytes(plain), from_b64(public["tally_key"])), seq)


def flipped(data: bytes, at: int = 0) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_altered_ballots_are_forged_or_spoiled_alike(
    election: Election, offline: Custodian, tmp_path: Path
) -> None:
    """Every field of the record, every way to seal nonsense, and a box key that is not the survey's."""
    forger, casts = Forger(election), list(election.casts)
    order = (2**252 + 27742317777372353535851937790883648493).to_bytes(32, "little")
    casts[0] = forger.altered(0, key_id="M8QW")
    casts[1] = forger.altered(1, prefix=flipped(casts[1].prefix))
    casts[2] = forger.altered(2, credential=flipped(casts[2].credential))
    casts[3] = forger.altered(3, sig=flipped(casts[3].sig, 255))
    casts[4] = forger.altered(4, sig=b"\xff" * 256)
    casts[5] = forger.altered(5, seq=casts[5].seq + 1)
    casts[6] = forger.altered(6, edsig=flipped(casts[6].edsig, 40))
    casts[7] = forger.altered(7, edsig=plus(casts[7].edsig, order))
    casts[8] = forger.altered(8, sealed=flipped(casts[8].sealed, 100))
    casts[9] = forger.signed(9, casts[10].sealed)
    casts[11] = forger.signed(11, flipped(casts[11].sealed, 40))
    casts[12] = forger.signed(12, bytes(len(casts[12].sealed)))
    casts[13] = forger.sealed(13, bytes={0: 2})
    casts[14] = forger.sealed(14, bytes={33: 6})
    casts[15] = forger.sealed(15, bytes={-1: 1})
    casts[16] = forger.sealed(16, text=b'[[0.0,"a",""]]')
    casts[17] = forger.sealed(17, text=b'[[3,"\xed\xa0\xbd\xed\xb1\x8d\\ud83d",""]]')
    casts[18] = forger.sealed(18, seq=2**64 - 1)
    casts[19] = forger.sealed(19, seq=2**53 + 1)
    casts[20] = forger.signed(20, casts[20].sealed, seq=casts[20].seq + 1)
    bundle = replace(election, casts=casts).write(tmp_path / "bundle.zip")
    files = files_of(bundle)
    foreign = zipped(files | {"ballots.bin": b"\x09" + files["ballots.bin"][1:]}, tmp_path / "foreign.zip")
    for box, private in (
        (bundle.path, election.private),
        (foreign, election.private),
        (bundle.path, b"t" * 32),
    ):
        assert as_told(offline.ask(KIT, "count", box, private)) == as_told(count_bundle(Bundle(box), private))
    found = count_bundle(bundle, election.private)
    assert found.forged == [one.tracker for one in sorted(casts[:9], key=lambda one: one.credential)]
    reasons = sum(found.spoiled.values(), Counter())
    assert reasons == {"copied": 2, "unopened": 2, "version": 1, "choice": 1, "comments": 2}
    assert ("d2", "matter", "👍") in found.comments


def plus(signature: bytes, order: bytes) -> bytes:
    """The second encoding of the same Ed25519 signature, which is none."""
    number = int.from_bytes(signature[32:], "little") + int.from_bytes(order, "little")
    return signature[:32] + number.to_bytes(32, "little")


def zipped(files: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def as_told(count: Count | Json) -> Json:
    """Only what is there: zeros say the same as nothing."""
    parts = vars(count) if isinstance(count, Count) else count
    grids = {
        key: grid if isinstance(grid, list) else grid.ravel().tolist() for key, grid in parts["grids"].items()
    }
    names = ("counted", "packets", "paper", "touched")
    return {
        "grids": grids,
        "spoiled": {key: dict(reasons) for key, reasons in parts["spoiled"].items()},
        "comments": [list(one) for one in parts["comments"]],
        "forged": parts["forged"],
        **{name: {key: number for key, number in parts[name].items() if number} for name in names},
    }


def test_the_browsers_and_our_own_arithmetic_judge_an_issuers_signature_as_openssl(
    election: Election, offline: Custodian
) -> None:
    one = election.casts[0]
    key = issuer_key(one.key_id)
    survey = election.public["survey"]
    message = one.prefix + credentials.credential_message(survey, one.key_id, one.credential)
    signer = key_of(key)
    salted = [
        signer.sign(message, padding.PSS(padding.MGF1(digest), length), digest)
        for digest, length in ((hashes.SHA384(), 32), (hashes.SHA384(), 49), (hashes.SHA256(), 48))
    ]
    other_mask = signer.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), 48), hashes.SHA384())
    number = int.from_bytes(one.sig, "big")
    tried = [
        one.sig,
        *salted,
        other_mask,
        signer.sign(message, padding.PKCS1v15(), hashes.SHA384()),
        *[(number + times * key.n).to_bytes(256, "big") for times in (1,) if number + key.n < 2**2048],
        (key.n - number).to_bytes(256, "big"),
        key.n.to_bytes(256, "big"),
        bytes(256),
        (1).to_bytes(256, "big"),
        (key.n - 1).to_bytes(256, "big"),
        flipped(one.sig, 255),
        b"\xff" * 256,
    ]
    place = [each["id"] for each in election.public["keys"]].index(one.key_id)
    fields = {"place": place, "prefix": one.prefix, "credential": one.credential}
    casts = [{**fields, "sig": sig} for sig in tried] + [{**fields, "place": 3, "sig": one.sig}]
    ours = [blindrsa.verify(key.n, message, sig) for sig in tried]
    assert ours == [True] + [False] * (len(tried) - 1)
    assert offline.ask(KIT, "credentials", election.public, casts) == [[*ours, False]] * 2


def key_of(key: blindrsa.IssuerKey) -> Any:
    return load_der_private_key(key.to_bytes(), password=None)


def test_a_key_that_is_not_the_surveys_is_refused_in_the_same_words(
    election: Election, bundle: Bundle, offline: Custodian, tmp_path: Path
) -> None:
    small = [election.public["keys"][0] | {"n": to_b64(b"n" * 256)}, *election.public["keys"][1:]]
    tried = [
        (election, b"t" * 32),
        (replace(election, public=election.public | {"counts_key": to_b64(b"c" * 32)}), election.private),
        (replace(election, public=election.public | {"keys": small}), election.private),
    ]
    for number, (holder, private) in enumerate(tried):
        box = holder.write(tmp_path / f"{number}.zip")
        with pytest.raises((KeyFault, BundleFault)) as ours:
            counted_with(box, private)
        with pytest.raises(Refusal) as theirs:
            offline.ask(KIT, "tally", box.path, private, 10)
        assert str(theirs.value) == str(ours.value)


def counted_with(bundle: Bundle, private: bytes) -> None:
    """What the command does once the file of the key is unlocked."""
    options = tally._parser().parse_args([str(bundle.path), "--recovery"])
    lines = keyfile.recovery_lines(private)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.input", lambda _: lines.pop(0))
        tally._count(bundle, tally._fitting_key(bundle, options), options)


def test_forged_ballots_stop_the_count_in_the_same_words(
    election: Election, forged: Bundle, offline: Custodian
) -> None:
    with pytest.raises(BundleFault) as ours:
        counted_with(forged, election.private)
    with pytest.raises(Refusal) as theirs:
        offline.ask(KIT, "tally", forged.path, election.private, 10)
    assert str(theirs.value) == str(ours.value)


Inside = Callable[[Json], Any]

PAPERS: list[Inside] = [
    lambda _: None,
    lambda inside: inside.update(survey="another"),
    lambda inside: inside.update(more=1),
    lambda inside: inside.update(sheets={}),
    lambda inside: inside["sheets"].reverse(),
    lambda inside: inside["sheets"].pop(),
    lambda inside: inside["sheets"][1].update(number=inside["sheets"][0]["number"]),
    lambda inside: inside["sheets"][1].update(number=2),
    lambda inside: inside["sheets"][0].update(number="\ue000"),
    lambda inside: inside["sheets"][1].update(number="\U00020bb7"),
    lambda inside: inside["sheets"][0].pop("matter"),
    lambda inside: inside["sheets"][0].pop("marks"),
    lambda inside: inside["sheets"][0].update(more=""),
    lambda inside: inside["sheets"][0].update(matter=None),
    lambda inside: inside["sheets"][0].update(marks="16"),
    lambda inside: inside["sheets"][0].update(marks="1"),
    lambda inside: inside["sheets"][0].update(marks="𠮷"),
    lambda inside: inside["sheets"][0].update(kind="other"),
    lambda inside: inside["sheets"][0].update(kind="spoiled"),
    lambda inside: inside["sheets"][0].update(kind="set_aside", marks=""),
    lambda inside: inside["sheets"][0].update(department="d9"),
    lambda inside: inside["sheets"][0].update(key="M8QW"),
    lambda inside: inside["sheets"][0].update(key="P3ZT"),
    lambda inside: inside["sheets"][0].update(matter="\ue000\r\n好"),
]


def test_sheets_of_paper_are_opened_and_refused_alike(
    election: Election, offline: Custodian, tmp_path: Path
) -> None:
    pooled = with_paper(election, tmp_path / "pooled.zip")
    whole = json.loads(pooled.read("paper.json"))
    inside = json.loads(sealing.Opener(election.private).open(from_b64(whole["sealed"])))
    key = from_b64(election.public["tally_key"])
    said = set()
    for number, change in enumerate(PAPERS):
        changed = json.loads(json.dumps(inside))
        change(changed)
        plain = json.dumps(changed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        texts = (
            [plain, plain + " ", plain.replace('"survey"', '"survey":"x","survey"')]
            if not number
            else [plain]
        )
        for text in texts:
            member = forms.canonical(whole | {"sealed": to_b64(sealing.seal(text.encode(), key))})
            bundle = on_paper(election, tmp_path / "b.zip", {"K7M2": 1, "P3ZT": 2}, [], paper=member.encode())
            ours = sheets_or_why(partial(sheets_of, bundle, election.private))
            theirs = sheets_or_why(partial(offline.ask, KIT, "sheets", bundle.path, election.private))
            assert theirs == ours, text
            said.add(ours if isinstance(ours, str) else "opened")
    assert len(said) == 3


def sheets_of(bundle: Bundle, private: bytes) -> list[Json]:
    return [one._asdict() for one in opened(bundle, private)]


def sheets_or_why(work: Callable[[], list[Json]]) -> list[Json] | str:
    try:
        return work()
    except (BundleFault, Refusal) as fault:
        return str(fault)


def test_workers_count_only_what_was_checked(
    election: Election, bundle: Bundle, offline: Custodian, tmp_path: Path
) -> None:
    """A ballot, the votes on paper or the whole bundle is another by the time that the workers read it."""
    pooled = with_paper(election, tmp_path / "pooled.zip")
    whole = pooled.path.read_bytes()
    others = [bundle.path]
    for name, at in (("ballots.bin", pooled.record_size - 1), ("paper.json", 3)):
        place = pooled.region(name).start + at
        others.append(tmp_path / f"{name}.zip")
        others[-1].write_bytes(whole[:place] + flipped(whole[place : place + 1]) + whole[place + 1 :])
    for other in others:
        told = offline.ask(KIT, "countInThreads", pooled.path, election.private, {"altered": other})
        assert told["fault"] == str(Altered())


def test_workers_count_as_one_process_does_and_end_whatever_happens(
    election: Election, offline: Custodian, tmp_path: Path
) -> None:
    """520 forged ballots between the honest ones: two ranges for two workers."""
    honest = sorted(election.casts, key=lambda cast: cast.credential)
    middle = int.from_bytes(honest[14].credential, "big")
    more = [replace(honest[0], credential=(middle - n).to_bytes(32, "big")) for n in range(520, 0, -1)]
    large = election.write(tmp_path / "large.zip", ballots=[*honest[:14], *more, *honest[14:]])
    found = offline.ask(KIT, "countInThreads", large.path, election.private, {"looks": True})
    ours = as_told(count_bundle(large, election.private))
    comments = sorted(found["comments"]), sorted(ours["comments"])
    assert as_told(found) | {"comments": comments[0]} == ours | {"comments": comments[1]}
    assert found["steps"][-1] == large.size
    assert found["looked"]["changed"] == []
    assert [one["said"] for one in found["looked"]["found"]] == [one.said for one in controls(large)]
    for how, said in (({"dies": 2}, "后台计算中断"), ({"cancelAt": 1}, "已取消计票")):
        told = offline.ask(KIT, "countInThreads", large.path, election.private, how)
        assert said in told["fault"]
        assert told["ended"] == 2
