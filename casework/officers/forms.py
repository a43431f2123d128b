"""What is filled in about officers: the list, links, visits, problems, questionnaires."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from casework.matters.registration import LONGEST_TITLE
from casework.models import CoveredObject, FirmQuestionnaire, OfficerLink, ServiceOfficer, Visit
from casework.officers.problems import Heard
from casework.officers.questionnaires import LONGEST_ANSWER, in_words, questions_of
from casework.officers.visiting import Told
from casework.procedure.officers import OfficerRules, labels
from departments.models import Department, Town
from departments.photos.images import normalized
from office.models import User
from office.roles import Role
from office.workbench.fields import ConditionalField


def _day(label: str, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def _long(label: str, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


class ObjectForm(forms.Form):
    kind = forms.ChoiceField(label="类别")
    name = forms.CharField(label="名称", max_length=100, help_text="企业填写营业执照上的全称。")
    credit_code = ConditionalField(
        label="统一社会信用代码", max_length=30, help_text="企业必填，街区和园区不填。"
    )
    town = forms.ModelChoiceField(Town.objects.all(), label="镇（街）", required=False)
    address = forms.CharField(label="地址", max_length=120, required=False)
    active_from = _day("纳入日期", initial=timezone.localdate)

    def __init__(self, *args: Any, rules: OfficerRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [(one.id, one.label) for one in rules.kinds]


class EndObjectForm(forms.Form):
    on = _day("退出日期", initial=timezone.localdate, help_text="这一天仍在名单中，次日起不再统计。")


class OfficerForm(forms.Form):
    user = forms.ModelChoiceField(
        User.objects.none(), label="账户", help_text="岗位角色为“首席服务官”、尚未登记的账户。"
    )
    unit = forms.ModelChoiceField(Department.objects.none(), label="所在单位")
    post = forms.CharField(label="职务", max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user: Any = self.fields["user"]
        user.queryset = User.objects.filter(
            role=Role.SERVICE_OFFICER, is_active=True, service_officer=None
        ).order_by("first_name", "username")
        unit: Any = self.fields["unit"]
        unit.queryset = Department.objects.bodies().order_by("order", "id")


class LinkForm(forms.Form):
    officer = forms.ModelChoiceField(ServiceOfficer.objects.none(), label="首席服务官")
    deputy = forms.ModelChoiceField(ServiceOfficer.objects.none(), label="替补", required=False)
    from_day = _day("挂联日期", initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ServiceOfficer.objects.filter(left_on=None).select_related("user", "unit")
        for name in ("officer", "deputy"):
            field: Any = self.fields[name]
            field.queryset = rows


class EndLinkForm(forms.Form):
    link = forms.ModelChoiceField(OfficerLink.objects.none(), widget=forms.HiddenInput)
    on = _day("解除日期", initial=timezone.localdate, help_text="挂联的最后一天，接任期限从这一天起算。")
    reason = forms.CharField(label="解除原因", max_length=200, help_text="例如：离任、调整分工。")

    def __init__(self, *args: Any, links: QuerySet[OfficerLink], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["link"]
        field.queryset = links


class LeaveForm(forms.Form):
    on = _day("离任日期", initial=timezone.localdate, help_text="全部挂联在这一天解除，走访记录仍归本人。")
    reason = forms.CharField(label="离任原因", max_length=200, initial="离任")


class VisitForm(forms.Form):
    """A visit by the officer who enters it, or by officials of another unit; a problem where there is one."""

    on = _day("走访日期", initial=timezone.localdate)
    way = forms.ChoiceField(
        label="方式", choices=Visit.Way, widget=forms.RadioSelect, initial=Visit.Way.ON_SITE
    )
    met = forms.ChoiceField(label="会见人员", help_text="只记身份，不记姓名。")
    topics = forms.MultipleChoiceField(label="询问内容", widget=forms.CheckboxSelectMultiple)
    summary = _long("走访情况", 2, max_length=500, required=False)
    photo = forms.FileField(label="照片", required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))
    by_unit = forms.ModelChoiceField(
        Department.objects.none(),
        label="走访单位",
        required=False,
        empty_label="本人走访",
        help_text="其他单位上门（检查、指导、宣传）的，选择单位。",
    )
    reason = ConditionalField(label="频繁走访的理由", max_length=200, help_text="当月走访过多的填写。")
    has_problem = forms.TypedChoiceField(
        label="有没有问题",
        choices=[("no", "没有"), ("yes", "有，上报")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="no",
    )
    title = ConditionalField(
        label="问题名称", max_length=LONGEST_TITLE, help_text="有问题的填写。企业没有同意的，不写企业名称。"
    )
    text = ConditionalField(
        label="问题情况",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="有问题的填写：什么时候、在哪里、办什么事、卡在哪一步。",
    )
    level = forms.ChoiceField(label="困难程度")
    wish = forms.CharField(label="企业诉求", max_length=300, required=False)
    about = forms.ModelChoiceField(Department.objects.none(), label="涉及单位", required=False)
    own_deed = forms.CharField(
        label="本人已做的工作", max_length=300, required=False, help_text="例如：当场联系窗口核对材料清单。"
    )
    may_be_named = forms.BooleanField(
        label="企业同意向承办单位公开名称", required=False, help_text="不同意的，承办单位看不到是哪家企业。"
    )

    PROBLEM = ("title", "text", "level", "wish", "about", "own_deed", "may_be_named")

    def __init__(self, *args: Any, rules: OfficerRules, about: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["met"].choices = list(labels(rules.asked.met).items())
        fields["topics"].choices = list(labels(rules.asked.topics).items())
        fields["level"].choices = list(labels(rules.asked.levels).items())
        fields["reason"].help_text = f"{rules.over_visiting.says}"
        bodies = Department.objects.bodies().order_by("order", "id")
        fields["by_unit"].queryset = bodies
        fields["about"].queryset = bodies.filter(kind__in=about)

    def clean_photo(self) -> Any:
        photo = self.cleaned_data["photo"]
        return normalized(photo) if photo else None

    @property
    def of_problem(self) -> list[Any]:
        return [self[name] for name in self.PROBLEM]

    @property
    def of_visit(self) -> list[Any]:
        return [field for field in self if field.name not in self.PROBLEM]

    @property
    def told(self) -> Told:
        data = self.cleaned_data
        heard = Heard(**{name: data[name] for name in self.PROBLEM}) if data["has_problem"] else None
        names = ("on", "way", "met", "topics", "summary", "reason", "photo")
        return Told(**{name: data[name] for name in names}, heard=heard)


class CentreVisitForm(VisitForm):
    """What the centre enters: any officer's visit, or that of a unit."""

    officer = forms.ModelChoiceField(
        ServiceOfficer.objects.none(), label="走访的服务官", required=False, empty_label="不是服务官"
    )

    field_order = ("officer", "by_unit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["officer"].queryset = ServiceOfficer.objects.select_related("user", "unit")
        fields["by_unit"].empty_label = "服务官走访"


class DeedForm(forms.Form):
    on = _day("日期", initial=timezone.localdate)
    text = forms.CharField(
        label="本人做了什么", max_length=300, help_text="例如：陪同到窗口补交材料；联系承办单位催办。"
    )


class QuestionnaireForm(forms.Form):
    title = forms.CharField(label="名称", max_length=80)
    lines = _long(
        "问题", 10, help_text="每行一个问题。有选项的写成“问题：选项一、选项二”，没有选项的由企业填写。"
    )

    def __init__(self, *args: Any, former: FirmQuestionnaire | None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"title": former.title, "lines": in_words(former)} if former else {})
        super().__init__(*args, **kwargs)


class AnswerForm(forms.Form):
    """The questions of one version, each to be answered or left out."""

    def __init__(self, *args: Any, questionnaire: FirmQuestionnaire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, question in enumerate(questions_of(questionnaire)):
            self.fields[f"q{number}"] = (
                forms.ChoiceField(
                    label=question.label,
                    choices=[("", "不回答"), *((one, one) for one in question.choices)],
                    required=False,
                )
                if question.choices
                else forms.CharField(label=question.label, max_length=LONGEST_ANSWER, required=False)
            )

    @property
    def answers(self) -> dict[int, str]:
        return {int(name[1:]): value for name, value in self.cleaned_data.items()}


def initial_of(covered: CoveredObject) -> dict[str, Any]:
    names = ("kind", "name", "credit_code", "town", "address", "active_from")
    return {name: getattr(covered, name) for name in names}
