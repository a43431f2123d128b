"""Draw the list of a sitting once more and say whether it is the one that was invited."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys.models import Sitting
from surveys.sittings.planning import drawn_again


class Command(BaseCommand):
    """Writes nothing."""

    help = "按公开的抽取规则和抽取码重新抽取一场现场评价的名单，与原名单核对；不改动任何数据。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "sitting", type=int, nargs="?", help="场次编号（页面地址中的数字）；不填则列出各场"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = Sitting.objects.exclude(seed="").select_related("survey", "town", "contact_list")
        if options["sitting"] is None:
            for one in found:
                self.stdout.write(f"{one.pk}  {one.survey.title}  {one}")
            return
        sitting = found.filter(pk=options["sitting"]).first()
        if sitting is None:
            raise CommandError("没有这一场，或者名单还没有抽取。")
        self.stdout.write(f"{sitting}：抽取规则 {sitting.algorithm}，抽取码 {sitting.seed}")
        wrong = [said for said in map(str, self._compare(sitting)) if said]
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write("重新抽取的名单与邀请名单完全一致。")

    def _compare(self, sitting: Sitting) -> list[str]:
        said = []
        for stratum in sitting.survey.strata.filter(pk__in=[int(key) for key in sitting.invited]):
            again = drawn_again(sitting, stratum)
            rows = sitting.invitations.filter(stratum=stratum).order_by("place")
            kept = tuple(
                tuple(rows.filter(is_substitute=part).values_list("entity__code", flat=True))
                for part in (False, True)
            )
            if again is None:
                said.append(f"{stratum.name}：样本库在抽取之后有变化，现在不能重新抽取。")
            elif kept != (again.invited, again.substitutes):
                said.append(f"{stratum.name}：重新抽取的名单与邀请名单不一致，请查明原因。")
        return said
