"""manage.py verify_audit: is the audit what it was when it was sealed?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from office.auditing import chain as audit_chain


class Command(BaseCommand):
    help = "核验操作审计的存证链；发现第一处不符即指出块号和记录号，并以非零状态退出。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", default="", help="以前记下的校验值，核验其仍在链中")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = audit_chain.verify(known_head=options["head"])
        if verdict.fault:
            raise CommandError(audit_chain.worded(verdict))
        self.stdout.write(f"{audit_chain.worded(verdict)}\n链首校验值：{verdict.head or '（尚无）'}")
