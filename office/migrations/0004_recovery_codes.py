"""Recovery codes that were handed out stay good: what is kept of each becomes its keyed digest."""

from typing import Any

from django.db import migrations
from django.utils.crypto import salted_hmac


def keep_digests(apps: Any, schema_editor: Any) -> None:
    tokens = apps.get_model("otp_static", "StaticToken").objects.select_related("device")
    for token in tokens:
        value = f"{token.device.user_id} {token.token}"
        token.token = salted_hmac("office.recovery-code", value, algorithm="sha256").hexdigest()[:16]
        token.save(update_fields=["token"])


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0003_audit_blocks"),
        ("otp_static", "0003_add_timestamps"),
    ]

    operations = [migrations.RunPython(keep_digests, migrations.RunPython.noop)]
