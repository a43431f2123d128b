"""What is filled in about dispositions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from departments.kinds import StaffKind
from departments.models import StaffMember
from evaluations.consequences.deciding import Decision, alternatives_of, needs_person, needs_points
from evaluations.consequences.serving import Service
from evaluations.models import Disposition
from evaluations.scoring.measures import Measure
from office.files import papers
from office.workbench.fields import ConditionalField

OTHER = "其他机关"
NUMBER_HELP = "照决定书填写，如“示政办〔2026〕1号”。"


def _day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=required, help_text=help_text)


def _area(label: str, most: int, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, widget=widget, help_text=help_text)


class DecideForm(forms.Form):
    """One decision about the chosen rows; what their measures leave open is asked for."""

    body = forms.ChoiceField(label="决定机关", help_text="按方案列出；由其他机关决定的，在下面填写。")
    other_body = ConditionalField(
        label="其他决定机关", max_length=80, help_text="由上面没有列出的机关决定的，必须填写。"
    )
    authority = ConditionalField(
        label="授权依据", max_length=200, help_text="由其他机关决定的，必须写明依据（文件或规定）。"
    )
    number = forms.CharField(label="决定文号", max_length=80, help_text=NUMBER_HELP)
    decided_on = _day("决定日期")
    points = forms.DecimalField(
        label="考核分", max_digits=7, decimal_places=2, help_text="原文没有写分值，照决定填写；扣分的填负数。"
    )
    terms = ConditionalField(
        label="决定内容",
        max_length=300,
        help_text="名额、挂钩方式等原文没有写明、由决定写明的，必须填写；其余的不必填写。",
    )
    effect_from = _day("影响期起", required=False, help_text="可不填：从决定之日起。")
    effect_until = _day(
        "影响期止", required=False, help_text="可不填：按方案的规定推算；方案没有规定的，没有影响期。"
    )
    instead_of = forms.MultipleChoiceField(
        label="同一项建议中的其他处置，一并不予实施",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="可不填：不勾选的仍待决定。",
    )

    def __init__(
        self, *args: Any, rows: Sequence[Disposition], measures: dict[int, Measure | None], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        bodies = [set(found.decided_by) for found in measures.values() if found]
        common = [
            body
            for found in measures.values()
            if found
            for body in found.decided_by
            if all(body in one for one in bodies)
        ]
        fields: dict[str, Any] = self.fields
        fields["body"].choices = [(one, one) for one in [*dict.fromkeys(common), OTHER]]
        if len(set(common)) > 1:
            fields["body"].choices = [("", "请选择"), *fields["body"].choices]
        if not any(needs_points(one) for one in rows):
            del fields["points"]
        self.others = {str(one.pk): one for one in alternatives_of(rows)}
        fields["instead_of"].choices = [
            (key, f"{one.register_number} {one.word}") for key, one in self.others.items()
        ]
        if not self.others:
            del fields["instead_of"]
        self.unnamed = [one for one in rows if needs_person(one)]
        for one in self.unnamed:
            fields[f"person_{one.pk}"] = _person(one)

    def decision(self) -> Decision:
        data = self.cleaned_data
        return Decision(
            body=data["other_body"] if data["body"] == OTHER else data["body"],
            number=data["number"],
            decided_on=data["decided_on"],
            authority=data["authority"],
            terms=data["terms"],
            points=data.get("points"),
            effect_from=data["effect_from"],
            effect_until=data["effect_until"],
            persons={one.pk: data[f"person_{one.pk}"] for one in self.unnamed},
        )

    def instead(self) -> list[Disposition]:
        return [self.others[key] for key in self.cleaned_data.get("instead_of", ())]


def _person(one: Disposition) -> Any:
    people = StaffMember.objects.filter(department=one.department_id)
    principal = people.filter(kind=StaffKind.PRINCIPAL_LEADER)
    field: Any = forms.ModelChoiceField(
        people.order_by("order", "pk"), label=f"{one.subject.name}主要负责人", empty_label="请选择"
    )
    field.initial = principal.first()
    field.help_text = f"“{one.word}”的对象，轮次名单没有写明，请按决定选定。"
    field.label_from_instance = lambda person: f"{person.name}（{person.post or person.get_kind_display()}）"
    return field


class AsideForm(forms.Form):
    reason = _area("不予实施的理由", 500, "写明由谁决定、因何不予实施；登记保留。")


class ServeForm(forms.Form):
    way = forms.ChoiceField(label="送达方式", choices=Disposition.Way.choices, initial=Disposition.Way.SYSTEM)
    served_on = _day("送达日期")
    received_by = ConditionalField(
        label="签收人",
        max_length=80,
        help_text="直接送达的必须填写；系统送达、邮寄送达的，由单位在系统中签收。",
    )
    refusal = ConditionalField(label="拒收事由", max_length=200, help_text="留置送达的必须填写。")
    witness = ConditionalField(label="见证人", max_length=80, help_text="留置送达的必须填写。")

    def service(self) -> Service:
        return Service(**self.cleaned_data)


class FulfilForm(forms.Form):
    fulfilled_on = _day("履行日期")


class LiftForm(forms.Form):
    """The body that lifts is the one that decided; it is typed once more, so that nobody lifts by mistake."""

    body = forms.CharField(label="撤销、解除的机关", max_length=80)
    number = forms.CharField(label="撤销、解除文号", max_length=80, help_text=NUMBER_HELP)
    lifted_on = _day("日期")
    reason = _area("理由", 500)


class RestoreForm(forms.Form):
    text = _area("恢复情况", 500, "写明由谁、何时、恢复了什么。")


class CheckForm(forms.Form):
    opinion = ConditionalField(label="意见", max_length=200, help_text="退回的必须写明须补正什么。")


class PaperForm(forms.Form):
    file = forms.FileField(label="文件", widget=forms.ClearableFileInput(attrs={"accept": papers.ACCEPT}))


def today_in(form: forms.Form, name: str, today: date) -> forms.Form:
    """Offer today where no day was typed, and no later one."""
    form.fields[name].initial = today
    form.fields[name].widget.attrs["max"] = today.isoformat()
    return form
