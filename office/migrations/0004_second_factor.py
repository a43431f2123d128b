"""What of the second factor lies in the database becomes useless to who reads it there.

Bound phones and recovery codes that were handed out stay good.
"""

from typing import Any

from django.db import migrations
from django.utils.crypto import salted_hmac

from office.encrypted_secrets import sealed


def seal(apps: Any, schema_editor: Any) -> None:
    for phone in apps.get_model("otp_totp", "TOTPDevice").objects.all():
        phone.key = sealed(bytes.fromhex(phone.key), owner=phone.user_id)
        phone.save(update_fields=["key"])
    for token in apps.get_model("otp_static", "StaticToken").objects.select_related("device"):
        value = f"{token.device.user_id} {token.token}"
        token.token = salted_hmac("office.recovery-code", value, algorithm="sha256").hexdigest()[:16]
        token.save(update_fields=["token"])


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0003_audit_blocks"),
        ("otp_static", "0003_add_timestamps"),
        ("otp_totp", "0003_add_timestamps"),
    ]

    operations = [
        migrations.CreateModel(
            name="Phone",
            fields=[],
            options={
                "verbose_name": "动态口令",
                "verbose_name_plural": "动态口令",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("otp_totp.totpdevice",),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
