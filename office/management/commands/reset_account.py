"""manage.py reset_account: the way back in when the last administrator is locked out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from office.accounts import second_factor
from office.accounts import services as accounts
from office.models import User


class Command(BaseCommand):
    help = "为已有用户重设一次性密码；--phone 同时重置动态口令。登录锁定随之解除。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="用户名")
        parser.add_argument("--phone", action="store_true", help="同时重置动态口令")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"没有用户“{options['username']}”，未作任何更改。请核对用户名。")
        if options["phone"]:
            second_factor.reset_second_factor(user=user, acting_user=None)
        password = accounts.issue_one_time_password(user=user, acting_user=None)
        self.stdout.write(f"用户名：{user.username}\n一次性密码：{password}")
