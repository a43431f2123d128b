"""manage.py archive: which ballots and bundles of finished rounds may leave, and why; with --go they do."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from disclosure.results import archiving
from disclosure.results.archiving import Verdict
from evaluations.models import Round
from evaluations.rounds.state import locked, survey_of
from office.errors import Refused
from surveys import services as surveys


class Command(BaseCommand):
    help = "列出已办结轮次的选票（或计票包）可否移出及理由；加 --go 才移出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--go", action="store_true", help="移出可以移出的；不加则只列出")
        places = parser.add_mutually_exclusive_group()
        places.add_argument("--bundles-to", type=Path, metavar="文件夹", help="改为把计票包移到该文件夹另存")
        places.add_argument(
            "--bundles-from", type=Path, metavar="文件夹", help="把移出的计票包从该文件夹取回"
        )

    def handle(
        self, *args: Any, go: bool, bundles_to: Path | None, bundles_from: Path | None, **options: Any
    ) -> None:
        folder = bundles_to or bundles_from
        if folder is not None and not folder.is_dir():
            raise CommandError(f"没有文件夹{folder}。")
        today = timezone.localdate()
        try:
            if bundles_to:
                self._move_bundles(today, bundles_to, go=go)
            elif bundles_from:
                self._bring_back(bundles_from, go=go)
            else:
                self._let_ballots_go(today, go=go)
        except Refused as refusal:
            raise CommandError("".join([str(refusal), *refusal.faults])) from refusal
        if not go:
            self.stdout.write("以上仅为列出，没有作任何更改。加 --go 执行。")

    def _let_ballots_go(self, today: date, *, go: bool) -> None:
        days = settings.ARCHIVE_BALLOTS_DAYS
        found = archiving.rounds_with_ballots()
        if not found:
            self.stdout.write("数据库中没有选票。")
        for one in found:
            with transaction.atomic():
                verdict = archiving.may_ballots_go(locked(one.pk) if go else one, today=today, days=days)
                number = surveys.stored_ballots(survey_of(one))
                self._say(verdict, f"选票{number}张")
                if go and verdict.may_go:
                    surveys.let_ballots_go(survey=survey_of(one))
                    self.stdout.write(f"    已从数据库移出选票{number}张。")

    def _move_bundles(self, today: date, folder: Path, *, go: bool) -> None:
        days = settings.ARCHIVE_BUNDLES_DAYS
        found = archiving.rounds_with_bundles()
        if not found:
            self.stdout.write("服务器上没有计票包。")
        for one in found:
            with transaction.atomic():
                verdict = archiving.may_bundle_go(locked(one.pk) if go else one, today=today, days=days)
                self._say(verdict, "计票包")
                if go and verdict.may_go:
                    names = surveys.move_bundle_out(survey=survey_of(one), folder=folder)
                    self.stdout.write(f"    已移到{folder}：{'、'.join(names)}。")

    def _bring_back(self, folder: Path, *, go: bool) -> None:
        found = [one for one in archiving.rounds_without_bundle() if self._lies_in(folder, one)]
        if not found:
            self.stdout.write(f"{folder}中没有服务器上缺少的计票包。")
        for one in found:
            self.stdout.write(f"{one}：可以取回。")
            if go:
                names = surveys.bring_bundle_back(survey=survey_of(one), folder=folder)
                self.stdout.write(f"    已取回：{'、'.join(names)}。")

    def _lies_in(self, folder: Path, round: Round) -> bool:
        return (folder / f"{survey_of(round).public_id}.zip").exists()

    def _say(self, verdict: Verdict, what: str) -> None:
        if verdict.may_go:
            self.stdout.write(f"{verdict.round}：{what}，可以移出。{verdict.why}")
        else:
            self.stdout.write(f"{verdict.round}：{what}，不能移出。{''.join(verdict.reasons)}")
