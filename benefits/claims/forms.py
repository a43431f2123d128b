"""The form of a claim, for the firm's phone and for the window: what the guide asks, paper by paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from benefits.claims.asked import Asked
from benefits.claims.sealing import LONGEST as LONGEST_ACCOUNT
from benefits.claims.sealing import checked_account
from benefits.models import ClaimPaper, Firm, ItemVersion, NeededPaper
from benefits.rules import rules
from casework.matters.files import ANOTHER, Read, read_uploads
from casework.reporters.sealing import LONGEST
from casework.reporting.forms import WITH_PAPERS
from office.errors import Refused
from office.workbench.fields import ConditionalField, FilesField

State = ClaimPaper.State
MOST_OF_A_PAPER = 10
LONGEST_TEXT = 500
BANK = 60


@dataclass(frozen=True)
class PaperRow:
    """One needed paper with its field for files and, at the window, for its state."""

    paper: NeededPaper
    files: BoundField
    state: BoundField | None = None


class AmountField(forms.CharField):
    """An amount as somebody types it; what the guide allows is for the service to say."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        plain = "".join(unicodedata.normalize("NFKC", text).replace(",", "").removesuffix("元").split())
        if not plain:
            return None
        try:
            amount = Decimal(plain)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not plain.replace(".", "", 1).isdecimal() or not amount.is_finite():
            raise forms.ValidationError("请用阿拉伯数字填写，单位是元，例如 50000 或者 1234.56。")
        return amount


def files_field(paper: NeededPaper) -> FilesField:
    field = FilesField(label=paper.name, required=False, allow_empty_file=True)
    field.widget.attrs["accept"] = WITH_PAPERS
    field.error_messages |= {"invalid": ANOTHER, "missing": ANOTHER, "empty": ANOTHER}
    return field


class PapersForm(forms.Form):
    """Files of each paper; `states`: the window also says what lies there, as it stands or first."""

    def __init__(
        self,
        *args: Any,
        papers: Sequence[NeededPaper],
        states: dict[int, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.papers = list(papers)
        self.asks_states = states is not None
        for paper in self.papers:
            self.fields[f"files-{paper.pk}"] = files_field(paper)
            if states is not None:
                chosen = states.get(paper.pk, State.MISSING)
                self.fields[f"state-{paper.pk}"] = _state_field(paper, chosen)

    def rows(self) -> list[PaperRow]:
        return [
            PaperRow(one, self[f"files-{one.pk}"], self[f"state-{one.pk}"] if self.asks_states else None)
            for one in self.papers
        ]

    def rows_with_files(self) -> list[tuple[PaperRow, tuple[()]]]:
        """As the table of the window reads them: nothing was stored yet."""
        return [(one, ()) for one in self.rows()]

    def read_files(self) -> dict[int, list[Read]]:
        """Look at the files of each paper; refuse in words what cannot be taken."""
        found = {}
        for one in self.papers:
            sent = self.cleaned_data.get(f"files-{one.pk}") or []
            try:
                found[one.pk] = read_uploads(sent, most=MOST_OF_A_PAPER, papers=True)
            except Refused as refusal:
                self.add_error(f"files-{one.pk}", str(refusal))
        return found

    def states(self) -> dict[int, str]:
        if not self.asks_states:
            return {}
        return {one.pk: self.cleaned_data[f"state-{one.pk}"] for one in self.papers}


def _state_field(paper: NeededPaper, chosen: str) -> forms.ChoiceField:
    offered = [one for one in State if one != State.WAIVED or paper.may_be_waived]
    return forms.ChoiceField(
        label=f"{paper.name}的情况",
        choices=[(one.value, one.label) for one in offered],
        initial=chosen,
        widget=forms.RadioSelect,
    )


class ClaimForm(PapersForm):
    """What a claim asks; `by_firm`: all of it is needed, and the firm promises."""

    use_required_attribute = False

    amount = AmountField(label="申请金额（元）", max_length=20)
    bank = ConditionalField(label="开户银行", max_length=BANK, help_text="写到支行，例如：示例银行城区支行。")
    account = ConditionalField(
        label="账号",
        max_length=LONGEST_ACCOUNT - BANK - 1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="户名须为本企业。账号加密保存，只在开具支付令时打开。",
    )
    contact = forms.CharField(label="联系人", max_length=LONGEST["name"])
    phone = forms.CharField(
        label="联系电话",
        max_length=LONGEST["phone"],
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text="办结后回访用。加密保存，主管部门看不到。",
    )
    text = forms.CharField(
        label="补充说明", required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    promise = forms.BooleanField(label="", required=False, error_messages={"required": "请阅读承诺后勾选。"})

    def __init__(self, *args: Any, version: ItemVersion, by_firm: bool, **options: Any) -> None:
        options["papers"] = version.papers.all()
        options["states"] = None if by_firm else {}
        super().__init__(*args, **options)
        self.version, self.by_firm = version, by_firm
        known = rules()[1]
        fields: Any = self.fields
        fields["promise"].label = known.claims.promise
        fields["promise"].required = by_firm
        fields["phone"].required = by_firm
        self.asks_money = known.gives_money(version.kind)
        if self.asks_money:
            if version.ceiling is not None:
                fields["amount"].help_text = f"不超过{version.ceiling}元。"
        else:
            for name in ("amount", "bank", "account"):
                del fields[name]

    def money(self) -> list[BoundField]:
        return [self[name] for name in ("amount", "bank", "account") if name in self.fields]

    def people(self) -> list[BoundField]:
        return [self[name] for name in ("contact", "phone", "text")]

    def clean(self) -> dict[str, Any]:
        """Bank and number belong together; a firm by itself gives both."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.asks_money or {"bank", "account"} & {*self.errors}:
            return told
        bank, number = told.get("bank", ""), told.get("account", "")
        if not (bank or number) and not self.by_firm:
            return told
        for name in ("bank", "account"):
            if not told.get(name):
                self.add_error(name, "请填写开户银行。" if name == "bank" else "请填写账号。")
        if bank and number:
            try:
                checked_account(f"{bank} {number}")
            except Refused:
                self.add_error("account", "账号为8至30位数字，请核对。")
        return told

    def whole_account(self) -> str:
        return f"{self.cleaned_data.get('bank', '')} {self.cleaned_data.get('account', '')}".strip()

    def asked(self, firm: Firm, files: Mapping[int, Sequence[Read]]) -> Asked:
        told = self.cleaned_data
        return Asked(
            firm=firm,
            version=self.version,
            amount=told.get("amount"),
            account=self.whole_account(),
            papers=self.states(),
            files=files,
            contact=told["contact"],
            phone=told["phone"],
            text=told["text"].replace("\r\n", "\n"),
            is_promised=told["promise"],
        )


def typed_before(form: ClaimForm) -> dict[str, str]:
    """What was typed, for the form of another version; papers and the promise are given anew."""
    kept = ("amount", "bank", "account", "contact", "phone", "text")
    return {name: str(form.data.get(name, "")) for name in kept}
