"""manage.py create_account: the first administrator of a new installation, or one more user."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from office.accounts import services as accounts
from office.errors import Refused
from office.roles import Role


class Command(BaseCommand):
    help = "新增用户并显示一次性密码（只显示这一次；首次登录时须修改）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="用户名")
        parser.add_argument("--role", choices=Role.values, default=Role.ADMINISTRATOR, help="岗位角色")
        parser.add_argument("--name", default="", help="姓名")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user, password = accounts.create_account(
                username=options["username"],
                role=options["role"],
                name=options["name"],
                acting_user=None,
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"用户名：{user.username}（{user.get_role_display()}）\n一次性密码：{password}")
