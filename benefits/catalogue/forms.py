"""What is filled in about an item: the guide, its conditions, papers and shares; and what is decided."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import fields_for_model, formset_factory
from django.forms.formsets import BaseFormSet

from benefits.catalogue.checking import Draft, condition_fault, faults_of, paper_fault
from benefits.catalogue.words import DAYS, Vocabulary, percent
from benefits.models import BenefitItem, Condition, ItemVersion, NeededPaper
from departments.models import Department

ONE_LINE = [
    *("name", "category", "kind", "level", "section", "document_title", "document_number", "clause"),
    *("audience", "area", "ceiling", "way", "limit_count", "limit_unit", *DAYS),
    *("fund", "contact_phone", "watch_phone", "higher_number"),
]
LONG = ["standard", "steps"]
CHOICES = {"category": "categories", "kind": "kinds", "level": "levels", "limit_unit": "units"}
HINTS = {
    "audience": "哪些企业可以申请，用一句话写明。",
    "standard": "给多少、怎样计算；分档的每档一行。",
    "steps": "一步一行，例如：申请、审核、公示、拨付。",
    "ceiling": "一家企业最多给多少；没有上限的不填。",
    "way": "例如：一次性拨付到企业账户。",
    "limit_count": "政策文件或者办事指南自己写明的办理时限；没有的不填。",
    "valid_to": "长期有效的不填。",
    "claims_from": "只在一段时间内受理申报的，填写起止日期。",
    "area": "全域适用的不填。",
}
SPARE_ROWS, MORE_ROWS, MOST_ROWS = 2, 5, 60


def _by_hand() -> dict[str, forms.Field]:
    day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    wide = forms.Textarea(attrs={"rows": 4})
    widgets: dict[str, Any] = dict.fromkeys(DAYS, day) | dict.fromkeys(LONG, wide)
    widgets["audience"] = forms.Textarea(attrs={"rows": 2})
    return fields_for_model(ItemVersion, fields=[*ONE_LINE, *LONG], widgets=widgets, help_texts=HINTS)


class GuideForm(forms.Form):
    """The guide; `units` are those whose items its author drafts."""

    code = forms.CharField(label="事项编号", max_length=32, help_text="清单上的编号，发布后不再改变。")
    department = forms.ModelChoiceField(Department.objects.none(), label="主管部门", empty_label="请选择")

    def __init__(
        self, *args: Any, words: Vocabulary, units: Any, item: BenefitItem | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.words, self.item = words, item
        self.fields.update(_by_hand())
        for name, known in CHOICES.items():
            chosen = [("", "请选择" if name != "limit_unit" else "—"), *getattr(words, known).items()]
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, choices=chosen, required=name != "limit_unit"
            )
        department: Any = self.fields["department"]
        department.queryset = units
        if item is not None:
            del self.fields["code"]
        for level, label in words.levels.items():
            self.fields[f"share_{level}"] = forms.DecimalField(
                label=f"{label}分担（%）",
                required=False,
                min_value=Decimal("0.01"),
                max_value=100,
                decimal_places=2,
            )

    def part(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings, in the order somebody reads a policy document."""
        return [
            ("事项", self.part("code", "name", "category", "kind", "level", "department", "section")),
            ("政策依据", self.part("document_title", "document_number", "clause")),
            ("对象和标准", self.part("audience", "area", "standard", "ceiling", "way")),
            ("办理", self.part("steps", "limit_count", "limit_unit")),
            ("有效期和申报时间", self.part(*DAYS)),
            ("联系", self.part("contact_phone", "watch_phone", "higher_number")),
            ("资金", self.part("fund", *(f"share_{level}" for level in self.words.levels))),
        ]

    def draft(self, conditions: Any, papers: Any) -> Draft:
        """Return what was filled in; `is_valid` of all three comes first."""
        data = dict(self.cleaned_data)
        shares = {
            level: found for level in self.words.levels if (found := data.pop(f"share_{level}")) is not None
        }
        return Draft(
            code=self.item.code if self.item is not None else data.pop("code"),
            department=data.pop("department"),
            fields=data,
            conditions=rows_of(conditions),
            papers=rows_of(papers),
            shares=shares,
            is_new=self.item is None,
        )

    def tell(self, draft: Draft) -> bool:
        """Put each fault of a draft beside its field; return whether there is none."""
        levels = [f"share_{level}" for level in self.words.levels]
        for wrong in faults_of(draft):
            name = levels[0] if wrong.field == "shares" else wrong.field
            self.add_error(name if name in self.fields else None, str(wrong))
        return not self.errors


class ConditionForm(forms.Form):
    says = forms.CharField(label="条件", max_length=300, required=False)
    label = forms.ChoiceField(label="标签", required=False)
    test = forms.ChoiceField(label="判断", choices=Condition.Test.choices, required=False)
    value = forms.CharField(label="取值", max_length=200, required=False)

    def __init__(self, *args: Any, words: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words
        label: Any = self.fields["label"]
        label.choices = [("", "由窗口核对"), *words.labels.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("label"):
            data |= {"test": Condition.Test.WORDS, "value": ""}
        if is_filled_in(data) and (wrong := condition_fault(data, self.words.rules)):
            raise forms.ValidationError(f"这条条件{wrong[0]}，{wrong[1]}")
        return data


class PaperForm(forms.Form):
    name = forms.CharField(label="材料名称", max_length=120, required=False)
    copies = forms.IntegerField(label="份数", min_value=1, max_value=99, initial=1, required=False)
    may_be_waived = forms.BooleanField(label="可以免提交", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["copies"] = data.get("copies") or 1
        if is_filled_in(data) and (wrong := paper_fault(data)):
            raise forms.ValidationError(f"这项材料{wrong[0]}，{wrong[1]}")
        return data


def is_filled_in(row: Mapping[str, Any]) -> bool:
    """Whether a row says anything; one whose words were deleted is left out."""
    return bool(row.get("says") or row.get("label") or row.get("name"))


def rows_of(rows: BaseFormSet[Any]) -> list[dict[str, Any]]:
    return [one for form in rows if is_filled_in(one := getattr(form, "cleaned_data", {}))]


_options: dict[str, Any] = {"extra": SPARE_ROWS, "max_num": MOST_ROWS, "absolute_max": MOST_ROWS + 10}
Conditions = formset_factory(ConditionForm, **_options)
Papers = formset_factory(PaperForm, **_options)


def initial_of(version: ItemVersion, words: Vocabulary) -> tuple[dict[str, Any], list[Any], list[Any]]:
    """Return what the form of the next draft begins with: all that the version says."""
    said = {name: getattr(version, name) for name in (*ONE_LINE, *LONG)}
    said |= {"department": version.department_id}
    said |= {f"share_{one.level}": percent(one.percent)[:-1] for one in version.level_shares.all()}
    conditions = list(version.conditions.values("says", "label", "test", "value"))
    papers = list(NeededPaper.objects.filter(version=version).values("name", "copies", "may_be_waived"))
    return said, conditions, papers


class ReturnForm(forms.Form):
    why = forms.CharField(
        label="退回原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text="写明要改什么。"
    )


class EndForm(forms.Form):
    ended_on = forms.DateField(
        label="停止日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="自这一天起不再受理；此前的申请照常办理。",
    )
    why = forms.CharField(
        label="停止原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明依据的文件或者决定，企业看得到。",
    )
