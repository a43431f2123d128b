"""What is filled in on the pages of a rectification."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from departments.models import StaffMember
from evaluations.models import Rectification, RectificationItem
from evaluations.rectification.planning import ItemPlan, Problem
from evaluations.rectification.problems import Candidate
from evaluations.scoring.measures import Rectify
from office import dates
from office.files import papers
from office.workbench.fields import ConditionalField

DateInput = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class BeginForm(forms.Form):
    notice_on = forms.DateField(label="通报日期", widget=DateInput, help_text="期限从通报次日起算。")
    done_days = forms.IntegerField(label="完成期限（日）", min_value=1)
    limits_decision = ConditionalField(
        label="另定期限的依据", max_length=80, help_text="完成期限与方案规定不同的，填写决定文号。"
    )

    def __init__(self, *args: Any, limits: Rectify, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        least, most = limits.done_days_between
        self.fields[
            "done_days"
        ].help_text = f"方案规定{limits.done_days}日，另定的在{least}日至{most}日之间。"


class ProblemsForm(forms.Form):
    """Proposals to tick, and one problem in the centre's own words."""

    chosen = forms.MultipleChoiceField(
        label="可列入的问题", required=False, widget=forms.CheckboxSelectMultiple
    )
    problem = ConditionalField(
        label="另写一个问题", max_length=500, widget=_area(2), help_text="没有列出的问题，写在这里。"
    )
    source = ConditionalField(
        label="另写问题的来源", max_length=200, help_text="另写问题的，写明从何得知，例如检查记录的文号。"
    )

    def __init__(self, *args: Any, found: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = {each.key: each.problem for each in found}
        field: Any = self.fields["chosen"]
        field.choices = [(each.key, f"{each.problem.text}（{each.kind}）") for each in found]
        if not found:
            del self.fields["chosen"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("problem", "").strip() and not data.get("source", "").strip():
            self.add_error("source", "请写明问题的来源。")
        return data

    def problems(self) -> list[Problem]:
        found = [self.found[key] for key in self.cleaned_data.get("chosen", ())]
        if text := self.cleaned_data["problem"].strip():
            found.append(Problem(text, source=self.cleaned_data["source"]))
        return found


class PlanForm(forms.Form):
    """What the unit does about one problem."""

    measures = forms.CharField(label="整改措施", max_length=1000, widget=_area(4))
    goal = forms.CharField(label="整改目标", max_length=500, widget=_area(2))
    leader = forms.CharField(label="责任领导", max_length=80)
    person = forms.CharField(label="责任人", max_length=80)
    due_on = forms.DateField(label="完成时限", widget=DateInput)

    def __init__(self, *args: Any, item: RectificationItem, one: Rectification, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = timezone.localdate(one.done_due_at)
        due: Any = self.fields["due_on"]
        due.widget.attrs["max"] = last.isoformat()
        due.help_text = f"不晚于整改总时限{dates.day(last)}。"
        roster = StaffMember.objects.filter(
            Q(department=one.department_id) | Q(department=one.department.parent_id), left_on=None
        )
        if one.department.parent_id is None:
            roster = StaffMember.objects.filter(department=one.department_id, left_on=None)
        people = list(roster)
        for name, member in (("leader", item.leader_member_id), ("person", item.person_member_id)):
            if people:
                field: Any = forms.ModelChoiceField(
                    roster, label=self.fields[name].label, empty_label="请选择"
                )
                field.choices = [("", "请选择"), *((each.pk, _named(each)) for each in people)]
                self.fields[name] = field
                self.initial[name] = member
            else:
                self.fields[name].help_text = "单位没有人员名册的，填写姓名和职务。"
                self.initial[name] = getattr(item, name)
        self.initial.update(measures=item.measures, goal=item.goal, due_on=item.due_on or last)

    def plan(self) -> ItemPlan:
        return ItemPlan(**self.cleaned_data)


def _named(one: StaffMember) -> str:
    return f"{one.name}（{one.post or one.get_kind_display()}）"


class OpinionForm(forms.Form):
    opinion = forms.CharField(label="审核意见", max_length=500, widget=_area(3))


class ReturnPlanForm(forms.Form):
    opinion = forms.CharField(label="退回的理由", max_length=500, widget=_area(3))
    again_by = forms.DateField(
        label="重新报送的日期", widget=DateInput, help_text="审核所用的时间不计入单位的期限。"
    )


class StepForm(forms.Form):
    """A chase, a supervision, a submission: `step` says which."""

    text = forms.CharField(label="要求", max_length=500, widget=_area(3))


class ProgressForm(forms.Form):
    text = forms.CharField(label="进展情况", max_length=1000, widget=_area(4))


class EvidenceForm(forms.Form):
    file = forms.FileField(label="佐证材料")
    note_text = forms.CharField(
        label="说明", required=False, max_length=200, help_text="文件名已能说明内容的可不填。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = papers.says()
        self.fields["file"].widget.attrs["accept"] = papers.ACCEPT


class CheckForm(forms.Form):
    opinion = forms.CharField(label="核验意见", max_length=500, widget=_area(3))


class LookBackForm(forms.Form):
    opinion = forms.CharField(label="回头看意见", max_length=500, widget=_area(3))
    due_on = forms.DateField(
        label="重新整改的完成时限", required=False, widget=DateInput, help_text="回头看合格的可不填。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tomorrow = timezone.localdate() + timedelta(days=1)
        self.fields["due_on"].widget.attrs["min"] = tomorrow.isoformat()
