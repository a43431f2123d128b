"""STORAGE_URL: where files are kept if not in folders of this machine.

`s3://KEY:SECRET@HOST[:PORT]/BUCKET[/PREFIX][?region=REGION&tls=0]`; what is special in key or secret is
written as in any address (%2F for a slash).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BACKEND = "office.files.bucket.Bucket"
SHAPE = "s3://KEY:SECRET@HOST[:PORT]/BUCKET[/PREFIX][?region=REGION&tls=0]"


def storage(url: str, folder: str) -> dict[str, Any]:
    """The entry of STORAGES for one kind of files, each in a folder of the bucket."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    bucket, _, prefix = parts.path.strip("/").partition("/")
    if parts.scheme != "s3" or not (parts.hostname and bucket and parts.username and parts.password):
        raise ImproperlyConfigured(f"STORAGE_URL 不完整，请写成 {SHAPE}")
    if unknown := query.keys() - {"region", "tls"}:
        raise ImproperlyConfigured(f"STORAGE_URL 不认识 {'、'.join(sorted(unknown))}，请写成 {SHAPE}")
    scheme = "http" if query.get("tls") == "0" else "https"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return {
        "BACKEND": BACKEND,
        "OPTIONS": {
            "access_key": unquote(parts.username),
            "secret_key": unquote(parts.password),
            "endpoint_url": f"{scheme}://{host}{f':{parts.port}' if parts.port else ''}",
            "region_name": query.get("region", "us-east-1"),
            "bucket_name": bucket,
            "location": f"{prefix}/{folder}".strip("/"),
        },
    }
