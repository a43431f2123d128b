"""Fill the calendar from the published arrangements that `chinesecalendar` carries."""

from __future__ import annotations

from datetime import date
from typing import Any

from chinese_calendar.constants import holidays, workdays
from django.core.management.base import BaseCommand
from django.db import transaction

from office.calendar import provisional
from office.calendar.working_time import USUAL_HOURS
from office.models import Holiday, OfficeHours

# The notices of the General Office of the State Council (关于…年部分节假日安排的通知) that the library's days
# repeat. A year without its notice here is left to the office: what is not published is not guessed.
NOTICES = {
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "纪念日",
}


class Command(BaseCommand):
    """Seed holidays and working weekends; days already in the table are left as they are."""

    help = "导入国务院公布的节假日安排（已有日期不改动）"

    def handle(self, *args: Any, **options: Any) -> None:
        published: dict[date, tuple[str, bool]] = {day: (name, False) for day, name in holidays.items()}
        published |= {day: (name, True) for day, name in workdays.items()}
        with transaction.atomic():
            kept = set(Holiday.objects.values_list("day", flat=True))
            new = [
                Holiday(day=day, name=NAMES.get(name, name), is_working_day=working)
                for day, (name, working) in sorted(published.items())
                if day.year in NOTICES and day not in kept
            ]
            Holiday.objects.bulk_create(new)
            if not OfficeHours.objects.exists():
                OfficeHours.objects.create(valid_from=date(2000, 1, 1), shifts=USUAL_HOURS)
            provisional.settle()
        self.stdout.write(f"节假日安排已就绪：新增 {len(new)} 天，{min(NOTICES)}—{max(NOTICES)} 年。")
