"""Let a round be computed again whose list was corrected before appeals noted what they corrected.

The served result still judges somebody who is no longer on the list; without a note on an upheld appeal of
that department the round could be neither computed again nor corrected once more.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

LONGEST = 240  # characters of Appeal.correction


def note_corrections(apps: Any, schema_editor: Any) -> None:
    upheld = apps.get_model("evaluations", "Appeal").objects.filter(
        state="upheld", calls_for_result=False, round__state="served", result__replaced_by=None
    )
    for appeal in upheld.select_related("result", "round_department"):
        row = appeal.round_department
        served = appeal.result.facts["subjects"].get(f"d{row.department_id}", {}).get("members", {})
        gone = [one for one in row.members.filter(is_judged=False) if f"p{one.staff_member_id}" in served]
        if not gone:
            continue
        appeal.calls_for_result = True
        appeal.correction = (
            appeal.correction
            or "、".join(f"{one.name}不再参评（{one.reason_not_judged}）" for one in gone)[:LONGEST]
        )
        appeal.save(update_fields=["calls_for_result", "correction"])


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0004_correction_of_published")]

    operations = [migrations.RunPython(note_corrections, migrations.RunPython.noop)]
