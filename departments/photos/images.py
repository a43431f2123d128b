"""Photos as they come from phones and scanners, made safe and small."""

from __future__ import annotations

import io
import secrets
import warnings

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_FILE = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
SIZE = (480, 640)
FORMATS = ("JPEG", "PNG")


def normalized(upload: UploadedFile[bytes]) -> ContentFile[bytes]:
    """Return the photo as a fresh JPEG of at most 480×640 under a name that tells nothing.

    The type is taken from the content, never from the file's name; drawing the picture anew leaves
    behind place, camera and whatever else was in the file.
    """
    if (upload.size or 0) > MAX_FILE:
        raise ValidationError(f"照片超过 {MAX_FILE // 1024 // 1024} MB，没有保存。请压缩后重新上传。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            upload.seek(0)
            with Image.open(upload, formats=FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise ValidationError("照片的像素过多，没有保存。请缩小后重新上传。")
                drawn = _drawn(picture)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError("这不是 JPG 或 PNG 照片，没有保存。请选择 JPG 或 PNG 文件。") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ValidationError("照片文件已损坏，没有保存。请重新选择照片。") from error
    return ContentFile(drawn, name=f"{secrets.token_hex(16)}.jpg")


def _drawn(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    flat = Image.new("RGB", upright.size, "#ffffff")
    layered = upright.convert("RGBA")
    flat.paste(layered, mask=layered.getchannel("A"))
    flat.thumbnail(SIZE)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()
