"""Forms of the two persons who put comments in other words."""

from __future__ import annotations

from typing import Any, cast

from django import forms


class ProposalForm(forms.Form):
    """Either a paraphrase, or the reason why the remark is not passed on."""

    topic = forms.ChoiceField(label="所属事项", widget=forms.RadioSelect)
    paraphrase = forms.CharField(
        label="概括",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="换一种说法，只写事情，不写人名、日期、金额、号码和地址。",
    )
    reason = forms.CharField(
        label="不反馈的原因",
        max_length=200,
        required=False,
        help_text="不宜反馈的，不填概括，只填原因。例如：无具体内容；与单位职责无关；概括后仍可认出本人。",
    )

    def __init__(self, *args: Any, topics: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic = cast("forms.ChoiceField", self.fields["topic"])
        topic.choices = [(one, one) for one in topics]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("paraphrase")) == bool(data.get("reason")):
            raise forms.ValidationError("概括和不反馈的原因，请填写其中一项。未作任何更改。")
        return data


class SeveralForm(ProposalForm):
    """The same words for several remarks."""

    chosen = forms.TypedMultipleChoiceField(
        label="意见", coerce=int, error_messages={"required": "没有勾选意见，未作任何更改。"}
    )

    def __init__(self, *args: Any, remarks: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["chosen"]).choices = [(pk, pk) for pk in remarks]

    def words(self) -> list[forms.BoundField]:
        return [self["topic"], self["paraphrase"], self["reason"]]


class SendBackForm(forms.Form):
    """Why a proposal goes back."""

    note = forms.CharField(label="退回说明", max_length=200)
