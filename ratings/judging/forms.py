"""What one proposes about ratings, and what another says to it."""

from __future__ import annotations

from typing import Any

from django import forms

from office.workbench.fields import ConditionalField
from ratings.judging.services import LONGEST, Proposal
from ratings.models import Judgment, RatingCode
from ratings.rules import RatingRules

Act = Judgment.Act


class ProposalForm(forms.Form):
    act = forms.ChoiceField(label="认定", choices=Act.choices, widget=forms.RadioSelect)
    reason = ConditionalField(
        label="排除的事由", help_text="只在排除时选择；等次低不是理由。", widget=forms.Select
    )
    to_code = ConditionalField(
        label="移到",
        help_text="只在移到正确对象时选择；评价计入这里，原对象的台账仍列出。",
        widget=forms.Select,
    )
    words = forms.CharField(
        label="理由",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明核对了什么、依据是什么；纪检监察看得到。",
    )

    def __init__(self, *args: Any, rules: RatingRules, codes: list[RatingCode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = {str(one.pk): one for one in codes}
        fitting = [(one.id, one.label) for one in rules.excluding.reasons if not one.moves]
        self._choose("reason", fitting)
        self._choose("to_code", [(pk, str(one)) for pk, one in self.codes.items()])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        widget: Any = self.fields[name].widget
        widget.choices = [("", "请选择"), *choices]

    def proposal(self) -> Proposal:
        """Return what was proposed; what does not belong to the act is left aside."""
        given = self.cleaned_data
        return Proposal(
            act=given["act"],
            words=given["words"],
            reason=given["reason"] if given["act"] == Act.EXCLUDE else "",
            to_code=self.codes.get(given["to_code"]) if given["act"] == Act.MOVE else None,
        )


class OpinionForm(forms.Form):
    agrees = forms.TypedChoiceField(
        label="认定",
        choices=[("yes", "同意"), ("no", "不同意")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = ConditionalField(
        label="意见",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不同意的须写明理由。",
    )
