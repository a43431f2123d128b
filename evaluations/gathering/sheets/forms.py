from __future__ import annotations

from typing import Any

from django import forms

from departments.models import Department
from evaluations.gathering.sheets.panels import unit_of
from evaluations.models import Panel
from office import roles
from office.models import User

MARKING_ROLES = sorted(roles.PERMISSIONS["sheets.mark"])


class AccountField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}（{obj.username}，{obj.get_role_display()}）"


class MarkerForm(forms.Form):
    """Somebody who is to mark; the unit of a department's account is known by itself."""

    name = forms.CharField(label="姓名", max_length=80)
    unit = forms.ModelChoiceField(
        label="单位",
        queryset=Department.objects.all(),
        required=False,
        help_text="评议人所在的参评单位不列入其打分表；不在参评单位的不填。",
    )
    account = AccountField(
        label="账户",
        queryset=User.objects.filter(is_active=True, role__in=MARKING_ROLES).order_by("username"),
        required=False,
        help_text="在网上打分的，选定其账户；不选的，用纸质打分表。",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["unit"] = data.get("unit") or unit_of(data.get("account"))
        return data


class NumberForm(forms.Form):
    number = forms.CharField(
        label="打分表编号",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text="在打分表右上角，共7位。",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=200)


class WayForm(forms.Form):
    by_aspect = forms.ChoiceField(
        label="打分方式", choices=[("yes", "逐方面打分"), ("no", "打总分")], widget=forms.RadioSelect
    )

    @classmethod
    def of(cls, panel: Panel, data: Any = None) -> WayForm:
        return cls(data, initial={"by_aspect": "yes" if panel.by_aspect else "no"})
