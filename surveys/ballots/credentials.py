"""Messages and signatures: credential, ballot, tracker, receipt, manifest.

Every message starts with a name of its own, so that no signature is valid for another kind.
"""

from hashlib import sha256

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey

CREDENTIAL_LENGTH = 32
MOST_SEQ = 2**53 - 1  # what a phone can count exactly


def credential_message(survey: str, key_id: str, credential: bytes) -> bytes:
    """The message (after the random prefix) that the issuer signs blindly."""
    return f"sanliang/credential/1|{survey}|{key_id}|{credential.hex()}".encode()


def ballot_message(survey: str, credential: bytes, seq: int, sealed: bytes) -> bytes:
    """The message that the credential signs: a changed, swapped or replayed ballot does not verify."""
    return f"sanliang/ballot/1|{survey}|{credential.hex()}|{seq}|".encode() + sealed


def tracker(credential: bytes) -> str:
    """The voter's tracking code (回执码), hex: proves that a ballot is in, not what it says."""
    return sha256(b"sanliang/leaf/1|" + credential).hexdigest()


def binding(survey: str, form_hash: bytes, credential: bytes, seq: int) -> bytes:
    """32 bytes inside the sealed part: a ciphertext copied into another ballot does not count."""
    text = f"sanliang/inside/1|{survey}|{form_hash.hex()}|{credential.hex()}|{seq}"
    return sha256(text.encode()).digest()


def ballot_signature_holds(survey: str, credential: bytes, seq: int, sealed: bytes, signature: bytes) -> bool:
    """Ed25519 as libsodium checks it: no small-order keys, no second encoding of a signature."""
    return _holds(credential, ballot_message(survey, credential, seq, sealed), signature)


def new_box_key() -> bytes:
    return bytes(SigningKey.generate())


def box_public_key(seed: bytes) -> bytes:
    return bytes(SigningKey(seed).verify_key)


def receipt(seed: bytes, survey: str, tracking: str) -> bytes:
    """The box's signature over the tracker, the same bytes for a first vote and a change."""
    message = f"sanliang/receipt/1|{survey}|{tracking}".encode()
    return bytes(SigningKey(seed).sign(message).signature)


def _holds(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        crypto_sign_open(signature + message, key)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True


def sign_manifest(seed: bytes, survey: str, manifest: bytes) -> bytes:
    return bytes(SigningKey(seed).sign(_manifest_message(survey, manifest)).signature)


def manifest_holds(box_key: bytes, survey: str, manifest: bytes, signature: bytes) -> bool:
    return _holds(box_key, _manifest_message(survey, manifest), signature)


def _manifest_message(survey: str, manifest: bytes) -> bytes:
    return f"sanliang/manifest/1|{survey}|".encode() + sha256(manifest).digest()
