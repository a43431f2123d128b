"""Forms of the page of a claim: the decision, the opinion of who helps, the account."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from benefits.claims.deciding import Decided
from benefits.claims.sealing import LONGEST as LONGEST_ACCOUNT
from benefits.models import Claim
from benefits.rules import rules
from office.workbench.fields import ConditionalField

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def area(rows: int, longest: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": longest})


class ClaimForm(forms.Form):
    """A form of one claim; one without fields is a button."""

    def __init__(self, *args: Any, claim: Claim, **options: Any) -> None:
        super().__init__(*args, **options)
        self.claim = claim
        self.prepare()

    def prepare(self) -> None:
        """Fill in what hangs on the claim."""


class DecideForm(ClaimForm):
    decision = forms.ChoiceField(
        label="审批决定", choices=(("grant", "批准兑现"), ("refuse", "不予兑现")), widget=forms.RadioSelect
    )
    amount = forms.DecimalField(
        label="批准金额（元）", required=False, max_digits=14, decimal_places=2, localize=False
    )
    takes_effect_on = forms.DateField(label="生效日期", required=False, widget=DAY)
    clause = forms.CharField(label="依据条款", max_length=120, help_text="政策文件和条款。")
    reason = ConditionalField(
        label="理由", max_length=500, widget=area(3, 500), help_text="不予兑现的，写明哪一项条件不符合。"
    )
    remedy = ConditionalField(
        label="救济途径", max_length=300, widget=area(2, 300), help_text="不予兑现的，写明企业怎样提出异议。"
    )
    approver = forms.CharField(label="审批人", max_length=40, help_text="签批这一决定的负责人。")

    def prepare(self) -> None:
        version, fields = self.claim.version, cast("dict[str, Any]", self.fields)  # the template reads more
        if rules()[1].gives_money(version.kind):
            del self.fields["takes_effect_on"]
            ceiling = f"，不超过{version.ceiling}元" if version.ceiling else ""
            self.fields["amount"].help_text = f"批准的填写，精确到分{ceiling}。"
            fields["amount"].is_conditional = True
            self.fields["amount"].initial = self.claim.amount_asked
        else:
            del self.fields["amount"]
            self.fields["takes_effect_on"].help_text = "批准的填写减免、权益或者资质从哪一天起生效。"
            fields["takes_effect_on"].is_conditional = True
        self.fields["clause"].initial = f"{version.document_title}{version.clause}"[:120]
        review = self.claim.matter.procedure.review
        if review is not None:
            office = self.claim.matter.procedure.office
            self.fields[
                "remedy"
            ].initial = f"自收到决定之日起{review.ask_within.span}内，可以向{office}提出异议。"

    def decided(self) -> Decided:
        """What does not belong to the decision chosen is left aside."""
        told = self.cleaned_data
        is_granted = told["decision"] == "grant"
        return Decided(
            is_granted=is_granted,
            clause=told["clause"],
            approver=told["approver"],
            amount=told.get("amount") if is_granted else None,
            takes_effect_on=told.get("takes_effect_on") if is_granted else None,
            reason="" if is_granted else told["reason"],
            remedy="" if is_granted else told["remedy"],
        )


class OpinionForm(ClaimForm):
    opinion = forms.CharField(label="协办意见", max_length=500, widget=area(3, 500))


class AccountForm(ClaimForm):
    account = forms.CharField(
        label="收款账户",
        max_length=LONGEST_ACCOUNT,
        help_text="开户银行和账号，与企业当面核对；登记后密封，只在下达支付令时打开。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
