"""A backup under a passphrase (备份加密): libsodium's stream of sealed pieces, the key by Argon2id.

A file is MAGIC, a salt, the header of the stream and its pieces. The last piece is marked as such, so a file
that was cut off does not open; nor does one of which a byte was changed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from nacl import bindings, pwhash, utils
from nacl.exceptions import CryptoError

from office.errors import Refused

MAGIC = b"sanliang-backup-1\n"
SHORTEST_PASSPHRASE = 16
PIECE = 1024 * 1024
SALT_BYTES = pwhash.argon2id.SALTBYTES
MORE_BYTES = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
HEADER_BYTES = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
GOES_ON = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
IS_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


def is_sealed(file: Path) -> bool:
    with file.open("rb") as source:
        return source.read(len(MAGIC)) == MAGIC


def seal(source: Path, target: Path, passphrase: str) -> None:
    """Write `source` sealed to `target`, readable for its owner only."""
    salt = utils.random(SALT_BYTES)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    header = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, _key(passphrase, salt))
    with source.open("rb") as plain, _for_owner(target) as sealed:
        sealed.write(MAGIC + salt + header)
        piece = plain.read(PIECE)
        while True:
            following = plain.read(PIECE)
            tag = GOES_ON if following else IS_LAST
            sealed.write(bindings.crypto_secretstream_xchacha20poly1305_push(state, piece, tag=tag))
            if not following:
                break
            piece = following


def unseal(source: Path, target: Path, passphrase: str) -> None:
    """Write what is in the sealed `source` to `target`; refused where passphrase or file are not right."""
    if not passphrase:
        raise Refused("备份已加密", "请把备份口令写入 BACKUP_PASSPHRASE_FILE 所指的文件后重试。")
    wrong = Refused("备份打不开：口令不符，或文件不完整、已被改动", "请核对口令，或换用另一份备份。")
    with source.open("rb") as sealed, _for_owner(target) as plain:
        sealed.seek(len(MAGIC))
        salt, header = sealed.read(SALT_BYTES), sealed.read(HEADER_BYTES)
        if len(header) < HEADER_BYTES:
            raise wrong
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, _key(passphrase, salt))
        tag = GOES_ON
        while tag == GOES_ON:
            try:
                piece, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                    state, sealed.read(PIECE + MORE_BYTES)
                )
            except (CryptoError, ValueError, RuntimeError) as error:
                raise wrong from error
            plain.write(piece)
        if tag != IS_LAST or sealed.read(1):
            raise wrong


def _key(passphrase: str, salt: bytes) -> bytes:
    return pwhash.argon2id.kdf(
        bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES,
        passphrase.encode(),
        salt,
        opslimit=pwhash.argon2id.OPSLIMIT_MODERATE,
        memlimit=pwhash.argon2id.MEMLIMIT_MODERATE,
    )


def _for_owner(target: Path) -> BinaryIO:
    return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
