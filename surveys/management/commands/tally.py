"""Counting on the server: the passphrase by prompt, in the foreground, nothing on disk."""

from __future__ import annotations

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from office.errors import Refused
from office.models import User
from surveys import services
from surveys.models import Survey


class Command(BaseCommand):
    help = "Open and count the ballots of a closed survey (asks for the passphrase)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("survey", help="public id of the survey (评价表编号)")
        parser.add_argument("--user", required=True, help="who counts (login name)")

    def handle(self, *args: Any, **options: Any) -> None:
        survey = Survey.objects.filter(public_id=options["survey"]).first()
        if survey is None:
            raise CommandError("没有这个编号的评价表，未作任何更改。请核对评价表编号。")
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError("没有这个用户，未作任何更改。请核对登录名。")
        passphrase = getpass.getpass("计票口令：")
        try:
            services.tally_survey(
                survey=survey, passphrase=passphrase, acting_user=user, progress=self._progress
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        survey.refresh_from_db()
        self.stdout.write(f"计票完成：有效选票{sum(survey.controls['ballots'].values())}张。")

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"已清点{done}/{total}张")
