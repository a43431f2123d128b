"""What the window asks when somebody comes: the fields of the procedure, the unit, who reports it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField

from casework.desk import fields
from casework.matters import files
from casework.matters.registration import LONGEST_TITLE, Reported
from casework.models import Matter
from casework.models.matters import LONGEST_TEXT
from casework.procedure import Procedure
from casework.procedure.words import Stage
from office.workbench.fields import ConditionalField, FilesField

ASKED = "asked_"
UNITS = "units-to-name"
WORDS = ("source", "title", "text", "category", "name", "phone", "firm", "higher_number")
TICKS = ("is_anonymous", "may_be_named")


class IntakeForm(forms.Form):
    """One page for one procedure; what it asks beyond the usual is in the procedure."""

    use_required_attribute = False  # an anonymous reporter leaves out what is required of others

    source = forms.ChoiceField(label="来源")
    title = forms.CharField(label="事项名称", max_length=LONGEST_TITLE)
    text = forms.CharField(label="反映内容", max_length=LONGEST_TEXT, widget=fields.area(5))
    about: Any
    higher_number = ConditionalField(
        label="上级平台编号", max_length=60, help_text="上级平台转来的，填写该平台的编号。"
    )
    is_anonymous = forms.BooleanField(label="匿名反映", required=False)
    name = ConditionalField(
        label="姓名", max_length=40, help_text="姓名、电话、企业名称至少填写一项；匿名反映的不填。"
    )
    phone = ConditionalField(
        label="联系电话",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text="加密保存，承办单位看不到。",
    )
    firm = ConditionalField(label="企业名称", max_length=80, help_text="代表企业反映的填写。")
    may_be_named = forms.BooleanField(label="可向承办单位提供身份", required=False)

    def __init__(self, *args: Any, procedure: Procedure, **options: Any) -> None:
        super().__init__(*args, **options)
        self.procedure = procedure
        intake = procedure.intake
        rows: Any = self.fields
        rows["source"].choices = list(intake.channels.items())
        here = (one for one in intake.channels if one not in intake.public_channels)
        rows["source"].initial = next(here, None)
        rows["title"].help_text, rows["text"].help_text = intake.title_hint, intake.text_hint
        rows["title"].widget.attrs["autofocus"] = True
        rows["name"].widget.attrs["autocomplete"] = "off"
        self.units = fields.units_of(intake.about)
        rows["about"] = fields.UnitField(
            label="涉及单位",
            units=self.units,
            names_id=UNITS,
            required=False,
            help_text="输入名称中的几个字后选择；不清楚的可以不填，研判时再定。",
        )
        for one in intake.fields:
            rows[ASKED + one.id] = fields.asked(one)
        if intake.most_files:
            hint = f"最多{intake.most_files}个：{files.TAKEN}，或者 PDF。"
            rows["papers"] = FilesField(label="附件", required=False, help_text=hint)
        categories = procedure.categories
        self.asks_category = not procedure.has(Stage.JUDGING) and len(categories.items) > 1
        if self.asks_category:
            choices = [(one.id, f"{one.label}：{one.says}") for one in categories.items]
            rows["category"] = forms.ChoiceField(label=categories.label, choices=choices)
        if intake.anonymous == "refused":
            del rows["is_anonymous"]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        who = [name for name in ("name", "phone", "firm") if told.get(name)]
        if told.get("is_anonymous"):
            if who:
                self.add_error(
                    "is_anonymous", "匿名反映的不登记身份，请清空姓名、电话和企业名称，或取消匿名。"
                )
        elif not who and "source" not in self.errors:
            self.add_error("name", "请填写姓名、电话或企业名称之一；不愿提供的，勾选匿名反映。")
        return told

    def matter_fields(self) -> Iterator[BoundField]:
        names = ["source", "title", "text", "about", *self._asked()]
        if self.asks_category:
            names.append("category")
        papers = ["papers"] if "papers" in self.fields else []
        return (self[name] for name in (*names, "higher_number", *papers))

    def reporter_fields(self) -> Iterator[BoundField]:
        names = ("name", "phone", "firm", "may_be_named", "is_anonymous")
        return (self[name] for name in names if name in self.fields)

    def _asked(self) -> list[str]:
        return [ASKED + one.id for one in self.procedure.intake.fields]

    def reported(self, follows: Matter | None = None) -> Reported:
        """Return what was filled in, as the service takes it; what is faulty or missing stays empty."""
        told = self.cleaned_data
        plain: dict[str, Any] = {name: told.get(name, "") for name in WORDS}
        plain |= {name: bool(told.get(name)) for name in TICKS}
        asked = {name.removeprefix(ASKED): _written(told.get(name)) for name in self._asked()}
        return Reported(
            fields={name: value for name, value in asked.items() if value},
            about=told.get("about"),
            follows=follows,
            **plain,
        )


def _written(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
