"""Forms of the office for people and their sections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from departments.models import Section, StaffMember
from departments.names.wording import LEADERS, person_name, plain
from departments.photos import images as photos
from office.workbooks.letters import named, private_characters


def storable_name(written: str, spelled: Callable[[object], str]) -> str:
    """Return a name as the importer would store it; a character of one computer only is refused."""
    if private := private_characters(written):
        raise ValidationError(f"含有只在录入的电脑上能显示的字{named(private)}，没有保存。请改为规范汉字。")
    return spelled(written)


class SectionForm(forms.ModelForm):
    """A section is supervised by a leader of its own department."""

    class Meta:
        model = Section
        fields = (
            "department",
            "name",
            "order",
            "is_leadership",
            "topic",
            "supervising_leader",
            "responsibilities",
            "work_rules",
            "service_words",
        )

    def clean_name(self) -> str:
        return storable_name(self.cleaned_data["name"], plain)

    def clean(self) -> dict[str, Any]:
        """Keep section and leader in one department."""
        data: dict[str, Any] = super().clean() or {}
        leader, department = data.get("supervising_leader"), data.get("department")
        if leader and department and leader.department_id != department.pk:
            self.add_error("supervising_leader", "分管负责人须是本单位的人员，没有保存。请重新选择。")
        elif leader and leader.kind not in LEADERS:
            self.add_error(
                "supervising_leader", "所选人员的人员类别不是单位负责人，没有保存。请核对后重新选择。"
            )
        return data


class StaffForm(forms.ModelForm):
    """A person with a photo, which is drawn anew and needs a recorded basis."""

    photo = forms.FileField(
        label="上传照片",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
        help_text="JPG 或 PNG，不超过 5 MB；宽高比 3∶4 为宜。",
    )
    remove_photo = forms.BooleanField(label="删除现有照片", required=False)

    class Meta:
        model = StaffMember
        fields = (
            "department",
            "section",
            "name",
            "kind",
            "post",
            "order",
            "photo",
            "photo_basis",
            "is_judged",
            "in_post_since",
            "left_on",
            "office_phone",
            "reading",
            "note",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored_photo = str(self.instance.photo)

    def _post_clean(self) -> None:
        """Say that an uploaded photo has to be chosen again: a browser does not send it twice."""
        super()._post_clean()  # type: ignore[misc] # the stubs leave it out
        if self.errors:
            self.instance.photo = self._stored_photo  # the page shows what is stored, not what was refused
            if "photo" in self.files and "photo" not in self.errors:
                self.add_error("photo", "照片没有保存。请更正标出的各项，并重新选择照片。")

    def clean_name(self) -> str:
        return storable_name(self.cleaned_data["name"], person_name)

    def clean_photo(self) -> Any:
        """Draw an uploaded photo anew; without one keep what is there."""
        upload = self.cleaned_data.get("photo")
        return photos.normalized(upload) if isinstance(upload, UploadedFile) else self.instance.photo

    def clean(self) -> dict[str, Any]:
        """Keep person and section in one department, and no photo without a basis."""
        data: dict[str, Any] = super().clean() or {}
        department, section = data.get("department"), data.get("section")
        if section and department and section.department_id != department.pk:
            self.add_error("section", "科（室）不属于所选单位，没有保存。请重新选择。")
        if data.get("remove_photo"):
            data["photo"] = ""
        elif data.get("photo") and not data.get("photo_basis"):
            self.add_error(
                "photo_basis", ValidationError("请填写照片公开依据（如本人同意书的日期），否则不能保存照片。")
            )
        return data
