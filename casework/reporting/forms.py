"""The form of the public page: three sections on one page, made from the procedure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from casework.matters.files import ANOTHER, MOST_BYTES
from casework.matters.registration import LONGEST_TITLE
from casework.models.matters import LONGEST_TEXT
from casework.procedure import Procedure
from casework.procedure.parts import IntakeField
from casework.reporters.sealing import LONGEST
from departments.kinds import UnitKind
from departments.models import Department
from office.workbench.fields import ConditionalField, FilesField

NAMED, ANONYMOUS = "named", "anonymous"
PICTURES = "image/jpeg,image/png,image/webp"
WITH_PAPERS = f"{PICTURES},application/pdf"
KINDS: dict[str, tuple[type[forms.Field], Any]] = {
    "line": (forms.CharField, forms.TextInput()),
    "text": (forms.CharField, forms.Textarea(attrs={"rows": 3})),
    "number": (forms.CharField, forms.TextInput(attrs={"inputmode": "numeric"})),
    "date": (forms.CharField, forms.TextInput(attrs={"type": "date"})),
    "choice": (forms.ChoiceField, forms.Select()),
    "yes_no": (forms.ChoiceField, forms.Select()),
}
LONGEST_FIELD = 500


class ReportForm(forms.Form):
    """Sections and fields in the order they are asked."""

    title = forms.CharField(label="什么事", max_length=LONGEST_TITLE)
    text = forms.CharField(
        label="详细情况", widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST_TEXT})
    )
    who = forms.ChoiceField(label="您是否署名", widget=forms.RadioSelect, initial=NAMED)
    name = ConditionalField(label="姓名", max_length=LONGEST["name"], help_text="实名反映的填写。")
    phone = ConditionalField(
        label="联系电话",
        max_length=LONGEST["phone"],
        help_text="实名反映的填写，便于核实和回访。",
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    firm = forms.CharField(
        label="企业名称", max_length=LONGEST["firm"], required=False, help_text="可不填。代表企业反映的填写。"
    )
    may_be_named = forms.BooleanField(label="可向承办单位提供身份", required=False)

    def __init__(self, *args: Any, procedure: Procedure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.procedure = procedure
        intake = procedure.intake
        title: Any = self.fields["title"]
        text: Any = self.fields["text"]
        who: Any = self.fields["who"]
        title.help_text, text.help_text = intake.title_hint, intake.text_hint
        who.choices = [(NAMED, "实名"), (ANONYMOUS, "匿名")]
        if intake.anonymous == "refused":
            who.choices = [(NAMED, "实名")]
        units = Department.objects.filter(kind__in=intake.about, is_active=True)
        self.fields["about"] = forms.ModelChoiceField(
            label="涉及单位", queryset=units, required=False, empty_label="不清楚，由工作人员判断"
        )
        self.fields["about"].widget.choices = [("", "不清楚，由工作人员判断"), *_by_kind(units)]
        self.asked = [one for one in intake.fields if one.public]
        for one in self.asked:
            self.fields[f"field-{one.id}"] = _asked(one)
        self.fields["photos"] = FilesField(
            label="照片和文件" if intake.papers else "照片",
            required=False,
            help_text=f"最多{intake.most_files}张，每张不超过{MOST_BYTES // 1024 // 1024} MB。",
            allow_empty_file=True,  # said in words where files are read
        )
        accept = WITH_PAPERS if intake.papers else PICTURES
        self.fields["photos"].widget.attrs["accept"] = accept
        self.fields["photos"].error_messages |= {"invalid": ANOTHER, "missing": ANOTHER, "empty": ANOTHER}

    def about_whom(self) -> Iterator[BoundField]:
        yield self["about"]
        for one in self.asked:
            yield self[f"field-{one.id}"]

    def given_fields(self) -> dict[str, str]:
        return {one.id: str(self.cleaned_data.get(f"field-{one.id}") or "") for one in self.asked}

    @property
    def is_anonymous(self) -> bool:
        return bool(self.cleaned_data.get("who") == ANONYMOUS)

    def clean(self) -> dict[str, Any]:
        """Who is named gives a name and a telephone number; who is not gives nothing that is kept."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("who") == NAMED:
            for name, asked in (
                ("name", "请填写姓名；不愿署名的，选择“匿名”。"),
                ("phone", "请填写联系电话。"),
            ):
                if name not in self.errors and not found.get(name):
                    self.add_error(name, asked)
        return found


def _by_kind(units: Any) -> list[tuple[str, list[tuple[int, str]]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for pk, name, kind in units.values_list("pk", "name", "kind"):
        found.setdefault(UnitKind(kind).label, []).append((pk, name))
    return list(found.items())


def _asked(one: IntakeField) -> forms.Field:
    made, widget = KINDS[one.type]
    options: dict[str, Any] = {"label": one.label, "required": one.required, "help_text": one.hint}
    if made is forms.ChoiceField:
        offered = one.choices or ("是", "否")
        options["choices"] = [("", "请选择"), *((choice, choice) for choice in offered)]
    else:
        options["max_length"] = LONGEST_FIELD
    return made(widget=type(widget)(attrs=dict(widget.attrs)), **options)
