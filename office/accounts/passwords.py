"""Rules for passwords beyond Django's own, and one-time passwords."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import ValidationError

RULE = "密码至少 10 位，须含大写字母、小写字母、数字、符号中的三种，不能与用户名相近，也不能是常见密码。"
# Of the accounts of the demo, printed on its first screen; nobody can choose it, it breaks the rule.
OF_THE_DEMO = "sanliang-demo"
# Without 0 O 1 l I: one-time passwords are read from paper.
GROUPS = ("abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-=+%")


class CharacterKinds:
    """At least three of four kinds of characters (等保 2.0: complexity of passwords)."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = (
            any(char.islower() for char in password),
            any(char.isupper() for char in password),
            any(char.isdigit() for char in password),
            any(not char.isalnum() for char in password),
        )
        if sum(kinds) < 3:
            raise ValidationError("密码须含大写字母、小写字母、数字、符号中的三种，请补充后重新提交。")

    def get_help_text(self) -> str:
        return "密码须含大写字母、小写字母、数字、符号中的三种。"


def one_time_password() -> str:
    source = secrets.SystemRandom()

    def group() -> str:
        letters = [secrets.choice(kind) for kind in GROUPS]
        source.shuffle(letters)
        return "".join(letters)

    return "".join(group() for _ in range(4))
