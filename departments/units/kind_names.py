"""How offices write the kind of a unit (单位类别)."""

from __future__ import annotations

from departments.kinds import UnitKind
from departments.names.wording import plain

_SPELLINGS: dict[UnitKind, tuple[str, ...]] = {
    UnitKind.DEPARTMENT: ("机关部门", "部门", "职能部门", "县直部门", "市级部门", "行政机关"),
    UnitKind.TOWN: ("乡镇街道", "乡镇", "镇街", "街道", "乡镇（街道）", "镇（街）", "乡（镇）", "镇"),
    UnitKind.COUNTY: ("县区", "县（区）", "区县", "县市区", "县（市、区）"),
    UnitKind.ZONE: ("开发区", "园区", "经开区", "经济开发区", "产业集聚区"),
    UnitKind.ENTERPRISE: ("公共服务企业", "公用企业", "企业", "公用企事业单位", "公共企事业单位"),
    UnitKind.SECTION: ("科室", "科（室）", "中层科室", "股室", "站所"),
    UnitKind.WINDOW: ("服务窗口", "窗口"),
}
_KIND_BY_SPELLING = {spelling: kind for kind, spellings in _SPELLINGS.items() for spelling in spellings}


_ENDINGS: dict[UnitKind, tuple[str, ...]] = {
    UnitKind.TOWN: ("镇", "乡", "街道", "街道办", "街道办事处"),
    UnitKind.ENTERPRISE: ("公司", "银行"),
}


def kind_by_name(name: str) -> UnitKind | None:
    """Return what a new unit is by the end of its name, where that says it: 某某镇, 某某公司."""
    return next((kind for kind, endings in _ENDINGS.items() if name.endswith(endings)), None)


def kind_spelled(written: object) -> UnitKind | None:
    return _KIND_BY_SPELLING.get(plain(written))
