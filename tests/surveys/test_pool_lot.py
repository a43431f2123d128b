"""The lot of a pool: quotas, sub-cells, reserve and replacement, worked by hand and drawn again (GY-R3)."""

from __future__ import annotations

import copy
import json
from fractions import Fraction
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as some

from surveys.draws import lot, protocol, stratified
from surveys.draws.stratified import Cell, Listed, Reserve

# 广元 2022, 一: 2,000 in six strata. 两代表一委员 are 40 x 3 of the city and 10 x 3 of seven counties.
COUNTIES = tuple(f"县{number}" for number in range(1, 9))
DELEGATES = [Cell("两代表一委员", f"市本级{kind}", 40) for kind in ("党代表", "人大代表", "政协委员")] + [
    Cell("两代表一委员", f"{county}{kind}", 10)
    for county in COUNTIES[:7]
    for kind in ("党代表", "人大代表", "政协委员")
]
GUANGYUAN = [
    Cell("“四上”企业", "", 1000),
    Cell("中小微市场主体", "", 300),
    Cell("办事群众", "市本级", 60),
    *(Cell("办事群众", county, 30) for county in COUNTIES),
    Cell("监督员", "市本级", 10),
    *(Cell("监督员", county, 5) for county in COUNTIES),
    *DELEGATES,
    Cell("新闻媒体", "", 20),
]


def everybody(cells: list[Cell]) -> list[Listed]:
    return [
        Listed(f"{place:02}-{number:04}", cell.stratum, cell.name)
        for place, cell in enumerate(cells)
        for number in range(cell.size)
    ]


def test_the_six_strata_of_guangyuan_share_three_hundred() -> None:
    """GY-R1, GY-R3: 150/45/45/7.5/49.5/3; the tied seat goes to 330 delegates, not to 50 supervisors."""
    assert sum(cell.size for cell in DELEGATES) == 330
    assert stratified.stratum_sizes(GUANGYUAN) == {
        "“四上”企业": 1000,
        "中小微市场主体": 300,
        "办事群众": 300,
        "监督员": 50,
        "两代表一委员": 330,
        "新闻媒体": 20,
    }
    assert list(stratified.stratum_quotas(300, GUANGYUAN).values()) == [150, 45, 45, 7, 50, 3]


def test_sub_cells_share_by_largest_remainder_and_equal_ones_by_the_seed() -> None:
    """GY-R3: 50 x 40/330 = 6.06 and 50 x 10/330 = 1.52: 6 x 3 + 1 x 21 = 39, so eleven of 21 get a second."""
    found = stratified.quotas(300, GUANGYUAN, seed="甲")
    of_delegates = [found[cell.place] for cell in DELEGATES]
    assert of_delegates[:3] == [6, 6, 6]
    assert sorted(of_delegates[3:]) == [1] * 10 + [2] * 11
    by_hash = sorted(
        (cell for cell in DELEGATES if cell.size == 10),
        key=lambda cell: sha256(f"sanliang-pool-draw/1|甲|{cell.stratum}|{cell.name}".encode()).hexdigest(),
    )
    assert {cell.place for cell in by_hash[:11]} == {
        cell.place for cell in DELEGATES[3:] if found[cell.place] == 2
    }
    # 45 x 60/300 = 9 and 45 x 30/300 = 4.5: 9 + 4 x 8 = 41, four of eight counties get a fifth.
    citizens = [quota for (stratum, _), quota in found.items() if stratum == "办事群众"]
    assert sorted(citizens) == [4] * 4 + [5] * 4 + [9]
    # 7 x 10/50 = 1.4 and 7 x 5/50 = 0.7: 1 + 0, then six of the eight with the remainder of 0.7.
    supervisors = {cell: quota for (stratum, cell), quota in found.items() if stratum == "监督员"}
    assert supervisors.pop("市本级") == 1
    assert sorted(supervisors.values()) == [0, 0] + [1] * 6


def test_the_reserve_is_as_many_again_and_at_least_two() -> None:
    assert [Reserve().of(quota) for quota in (0, 1, 2, 9)] == [0, 2, 2, 9]
    assert [Reserve(percent=50).of(quota) for quota in (1, 9, 150)] == [2, 5, 75]


def test_who_has_a_reason_to_stay_out_is_listed_and_not_drawn() -> None:
    listed = [Listed(f"{number}", "层", "", "回避" if number < 5 else "") for number in range(10)]
    (found,) = stratified.draw(listed, [Cell("层", "", 10)], total=5, seed="x", reserve=Reserve())
    assert sorted(found.drawn) == ["5", "6", "7", "8", "9"]
    assert found.reserve == ()


def test_an_old_list_of_a_sitting_comes_out_as_it_did() -> None:
    """Fixed as it was drawn before pools shared the code: an old protocol still holds."""
    drawn = lot.draw(
        [f"C{number}" for number in range(12)],
        seed=lot.seed_of("F", "东镇", 1),
        preferred=["C3"],
        invited=4,
        substitutes=2,
    )
    assert drawn == OLD


OLD = lot.Drawn(("C3", "C6", "C5", "C0"), ("C1", "C4"))


@given(some.data())
def test_every_seat_is_given_nobody_twice_and_the_order_of_the_list_does_not_matter(
    data: some.DataObject,
) -> None:
    """GY-R3: quotas add up, no cell is off its share by a seat or more, and one seed gives one list."""
    sizes = data.draw(
        some.lists(some.lists(some.integers(0, 12), min_size=1, max_size=4), min_size=1, max_size=4)
    )
    cells = [Cell(f"层{a}", f"格{b}", size) for a, row in enumerate(sizes) for b, size in enumerate(row)]
    whole = sum(cell.size for cell in cells)
    total, seed = data.draw(some.integers(0, whole)), data.draw(some.text(max_size=8))
    listed = everybody(cells)
    found = stratified.draw(listed, cells, total=total, seed=seed, reserve=Reserve())
    again = data.draw(some.permutations(listed))
    assert stratified.draw(again, cells, total=total, seed=seed, reserve=Reserve()) == found
    assert sum(one.quota for one in found) == (total if whole else 0)
    for stratum, size in stratified.stratum_sizes(cells).items():
        quota = sum(one.quota for one in found if one.cell.stratum == stratum)
        assert abs(quota - Fraction(total * size, whole or 1)) < 1
    names = [number for one in found for number in (*one.drawn, *one.reserve)]
    assert len(names) == len(set(names))
    assert stratified.digest_of_list(again) == stratified.digest_of_list(listed)


# --- The protocol, drawn again by another function ---------------------------------------------------


def a_protocol(seed: str = "指纹|广元|1") -> dict[str, Any]:
    listed = everybody(GUANGYUAN)
    listed[0] = Listed(listed[0].number, listed[0].stratum, listed[0].cell, "所在单位参评，回避")
    cells = stratified.draw(listed, GUANGYUAN, total=300, seed=seed, reserve=Reserve())
    return protocol.written(
        {"用途": "集中评价"}, total=300, seed=seed, reserve=Reserve(), listed=listed, cells=cells
    )


def by_hand(raw: dict[str, Any]) -> list[tuple[list[str], list[str]]]:
    """Drawn and reserve of each cell with SHA-256 and fractions alone, from the words of the rule."""

    def number(text: str) -> str:
        return sha256(text.encode()).hexdigest()

    def seats(total: int, wanted: list[tuple[str, int, Any]]) -> dict[str, int]:
        whole = sum(size for _, size, _ in wanted)
        given = {name: total * size // whole for name, size, _ in wanted}
        rest = sorted(wanted, key=lambda one: (-((total * one[1]) % whole), -one[1], one[2]))
        for name, _, _ in rest[: total - sum(given.values())]:
            given[name] += 1
        return given

    strata = list(dict.fromkeys(one["stratum"] for one in raw["cells"]))
    sizes = [
        (name, sum(one["size"] for one in raw["cells"] if one["stratum"] == name), place)
        for place, name in enumerate(strata)
    ]
    of_stratum = seats(raw["total"], sizes)
    quotas = {
        name: seats(
            of_stratum[name],
            [
                (one["cell"], one["size"], number(f"sanliang-pool-draw/1|{raw['seed']}|{name}|{one['cell']}"))
                for one in raw["cells"]
                if one["stratum"] == name
            ],
        )
        for name in strata
    }
    found = []
    for one in raw["cells"]:
        members = [row[0] for row in raw["list"] if row[1:] == [one["stratum"], one["cell"], ""]]
        members.sort(key=lambda code: number(f"sanliang-draw/1|{raw['seed']}|{code}"))
        quota = quotas[one["stratum"]][one["cell"]]
        spare = max(2, quota) if quota else 0
        found.append((members[:quota], members[quota : quota + spare]))
    return found


@pytest.mark.parametrize("seed", ["指纹|广元|1", "另一个"])
def test_another_function_draws_the_same(seed: str) -> None:
    """GY-R3: three hundred of two thousand, recomputed without the code of the draw."""
    raw = a_protocol(seed)
    assert by_hand(raw) == [(one["drawn"], one["reserve"]) for one in raw["cells"]]
    assert sum(len(one["drawn"]) for one in raw["cells"]) == 300


def test_a_whole_protocol_holds_and_keeps_its_hash_when_somebody_is_replaced() -> None:
    """POOL-01: the next of the reserve of the same cell, with its reason; a substitute may give way, too."""
    raw = a_protocol()
    before = protocol.hash_of(raw)
    cell = next(one for one in raw["cells"] if one["cell"] == "市本级" and one["stratum"] == "办事群众")
    assert len(cell["drawn"]) == len(cell["reserve"]) == 9
    first, second, third, fourth = cell["reserve"][:4]
    raw["replacements"] = [
        {"out": cell["drawn"][0], "in": first, "reason": "拒访"},
        {"out": cell["drawn"][1], "in": second, "reason": "拒访"},
        {"out": cell["drawn"][2], "in": third, "reason": "空号"},
        {"out": first, "in": fourth, "reason": "三次未接通"},
    ]
    assert protocol.faults_of(protocol.parsed(raw)) == []
    assert protocol.hash_of(raw) == before
    raw["replacements"][0]["in"] = second
    assert "第1次递补：没有按候补顺序递补。" in protocol.faults_of(protocol.parsed(raw))


CELL = 2  # 办事群众（市本级）


def _friend(raw: dict[str, Any]) -> None:
    raw["cells"][CELL]["drawn"][0] = raw["cells"][CELL]["reserve"].pop()


def _seed(raw: dict[str, Any]) -> None:
    raw["seed"] = "再来一次"


def _struck(raw: dict[str, Any]) -> None:
    raw["list"].pop()


def _quota(raw: dict[str, Any]) -> None:
    raw["cells"][CELL]["quota"] += 1


def _no_reason(raw: dict[str, Any]) -> None:
    cell = raw["cells"][CELL]
    raw["replacements"] = [{"out": cell["drawn"][0], "in": cell["reserve"][0], "reason": " "}]


def _stranger(raw: dict[str, Any]) -> None:
    raw["replacements"] = [{"out": "某", "in": raw["cells"][CELL]["reserve"][0], "reason": "拒访"}]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_friend, "重新抽取的名单与记录不一致"),
        (_seed, "重新抽取的名单与记录不一致"),
        (_struck, "名单在抽取后被改动"),
        (_quota, "名额应为9，记录为10"),
        (_no_reason, "没有写明原因"),
        (_stranger, "被替换的编号不在应访名单中"),
    ],
)
def test_a_protocol_that_somebody_changed_is_found(spoil: Any, said: str, tmp_path: Path) -> None:
    """GY-R3: by the command, which needs no database."""
    raw = copy.deepcopy(a_protocol())
    spoil(raw)
    file = tmp_path / "抽取记录.json"
    file.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        call_command("verify_draw", str(file))


def test_the_command_says_that_a_protocol_holds(tmp_path: Path) -> None:
    file = tmp_path / "抽取记录.json"
    file.write_text(json.dumps(a_protocol(), ensure_ascii=False), encoding="utf-8")
    told = StringIO()
    call_command("verify_draw", str(file), stdout=told)
    assert "完全一致：抽取300，递补0次" in told.getvalue()
    assert "用途：集中评价" in told.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "不是抽取记录"),
        ("[]", "不是按"),
        ('{"format": "sanliang-pool-protocol/1", "rule": "sanliang-pool-draw/1"}', "内容不完整"),
        (None, "无法读取文件"),
    ],
)
def test_a_file_that_is_no_protocol_is_said(content: str | None, said: str, tmp_path: Path) -> None:
    file = tmp_path / "别的.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        call_command("verify_draw", str(file))
