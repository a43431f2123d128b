"""Who keeps the tally key, the rehearsal, and what the custodian counted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import TextChoices

LARGEST_KEY_FILE = 4096  # bytes; a public key has 43 symbols
LARGEST_COUNTS_FILE = 50 * 1024 * 1024  # what the proxy lets through, less some


class Keeper(TextChoices):
    """Who keeps the private half of the tally key."""

    CUSTODIAN = "custodian", "计票密钥由纪检监察机关离线保管（推荐）"
    SERVER = "server", "密钥存于服务器（演示或小型单位）"


class PrepareForm(forms.Form):
    """Fix the questionnaire and make slips, with a tally key kept offline or here."""

    closes_at = forms.DateTimeField(
        label="截止时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text="印在凭条和评价页面上；提前截止须说明原因。",
    )
    keeper = forms.ChoiceField(
        label="计票密钥的保管方式",
        choices=Keeper,
        widget=forms.RadioSelect,
        initial=Keeper.CUSTODIAN,
    )
    key_file = forms.FileField(
        label="计票公钥文件",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,text/plain"}),
        help_text="保管人用密钥程序生成后交来的 tally-public.txt；tally-key.json 不得交出。",
    )
    key_text = forms.CharField(
        label="或者粘贴计票公钥",
        required=False,
        max_length=LARGEST_KEY_FILE,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )
    passphrase = forms.CharField(
        label="计票口令",
        required=False,
        widget=forms.PasswordInput(render_value=False),
        help_text="至少12位。开始评价和计票时都要用到，遗失后本轮选票无法计票。",
    )
    again = forms.CharField(
        label="再次输入计票口令",
        required=False,
        widget=forms.PasswordInput(render_value=False),
    )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            ("", [self["closes_at"], self["keeper"]]),
            ("离线保管的填写", [self["key_file"], self["key_text"]]),
            ("存于服务器的填写", [self["passphrase"], self["again"]]),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way needs, and for nothing else."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned["keeper"] == Keeper.SERVER:
            self._clean_passphrase(cleaned)
            cleaned["custodian_key"] = ""
        else:
            cleaned["custodian_key"] = self._given_key(cleaned)
            cleaned["passphrase"] = ""
        return cleaned

    def _clean_passphrase(self, cleaned: dict[str, Any]) -> None:
        if cleaned["key_file"] or cleaned["key_text"]:
            raise forms.ValidationError(
                "选择了“密钥存于服务器”，又提供了计票公钥，未制票。请核对保管方式，只填写其中一种。"
            )
        if not cleaned["passphrase"]:
            raise forms.ValidationError("请设定计票口令，未制票。")
        if cleaned["passphrase"] != cleaned["again"]:
            raise forms.ValidationError("两次输入的口令不一致，未制票。请重新输入。")

    def _given_key(self, cleaned: dict[str, Any]) -> str:
        if cleaned["passphrase"] or cleaned["again"]:
            raise forms.ValidationError(
                "选择了离线保管，又填写了计票口令，未制票。请核对保管方式，只填写其中一种。"
            )
        if bool(cleaned["key_file"]) == bool(cleaned["key_text"].strip()):
            raise forms.ValidationError("请上传计票公钥文件，或者粘贴计票公钥，二者择一。未制票。")
        text = _text_of(cleaned["key_file"]) if cleaned["key_file"] else cleaned["key_text"]
        if "sanliang-tally-key" in text:
            raise forms.ValidationError(
                "这是计票密钥文件，应由保管人存放，不得交出。系统没有保存，未制票。"
                "请改用公钥文件 tally-public.txt。"
            )
        return text


def _text_of(file: UploadedFile) -> str:
    """Bytes that are no text are no key either: they are read all the same, and refused as a key."""
    return file.read(LARGEST_KEY_FILE).decode("utf-8", "replace").removeprefix("\ufeff")


class PassphraseForm(forms.Form):
    passphrase = forms.CharField(label="计票口令", widget=forms.PasswordInput(render_value=False))


class AnswerForm(forms.Form):
    """What the custodian reads out after the rehearsal."""

    answer = forms.CharField(
        label="演练答复",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="保管人的密钥程序显示的16位答复，空格和大小写不限。",
    )


class CountsForm(forms.Form):
    """The counts file of the custodian."""

    counts = forms.FileField(
        label="计票结果文件",
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
        help_text="计票程序写出的原件，一般名为 counts.json。",
    )

    def clean_counts(self) -> bytes:
        file: UploadedFile = self.cleaned_data["counts"]
        if (file.size or 0) > LARGEST_COUNTS_FILE:
            raise forms.ValidationError(
                "文件过大，未导入。请核对是否为计票结果文件；确属原件的，请联系系统管理员。"
            )
        return file.read()


class CountsAgainForm(CountsForm):
    """Other counts in place of those that are there."""

    reason = forms.CharField(
        label="替换理由",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="本轮已经登记过计票结果。先提交文件查看改动（此时可不填）；确需替换的，写明理由后再次提交，理由和改动记入审计。",
    )
