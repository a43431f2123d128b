"""Blind RSA signatures: RFC 9474, RSABSSA-SHA384-PSS-Randomized. Names follow the RFC.

The issuer signs a value it cannot read; the voter turns the answer into an ordinary RSA-PSS signature
that the issuer has never seen.
"""

import secrets
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha384

import gmpy2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

E = 65537
MODULUS_BITS = 2048
PREFIX_LENGTH = 32  # of the randomized preparation
SALT_LENGTH = 48  # as long as the hash
_HASH_LENGTH = 48


class SigningRefused(ValueError):  # noqa: N818 - says what happened
    """The blinded value is out of range, or the computation went wrong; nothing is signed."""


@dataclass(frozen=True)
class IssuerKey:
    """The private key of one survey and stratum; destroyed when the survey closes."""

    p: int
    q: int

    @property
    def n(self) -> int:
        return self.p * self.q

    @classmethod
    def generate(cls) -> "IssuerKey":
        numbers = rsa.generate_private_key(public_exponent=E, key_size=MODULUS_BITS).private_numbers()
        return cls(numbers.p, numbers.q)

    @classmethod
    def from_bytes(cls, der: bytes) -> "IssuerKey":
        # Our own key, and blind_sign checks every result: OpenSSL's check of the primes would only cost time.
        key = serialization.load_der_private_key(der, password=None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("not an RSA key")
        numbers = key.private_numbers()
        return cls(numbers.p, numbers.q)

    def to_bytes(self) -> bytes:
        """PKCS#8, unencrypted: the caller must protect and destroy it."""
        d = pow(E, -1, (self.p - 1) * (self.q - 1))
        numbers = rsa.RSAPrivateNumbers(
            p=self.p,
            q=self.q,
            d=d,
            dmp1=d % (self.p - 1),
            dmq1=d % (self.q - 1),
            iqmp=pow(self.q, -1, self.p),
            public_numbers=rsa.RSAPublicNumbers(E, self.n),
        )
        return numbers.private_key(unsafe_skip_rsa_key_validation=True).private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def public_bytes(self) -> bytes:
        return self.n.to_bytes(modulus_length(self.n), "big")


def modulus_length(n: int) -> int:
    return (n.bit_length() + 7) // 8


def modulus(public: bytes) -> int:
    """Raises ValueError unless the bytes are an odd modulus of exactly 2048 bits."""
    n = int.from_bytes(public, "big")
    if n.bit_length() != MODULUS_BITS or len(public) != MODULUS_BITS // 8 or not n & 1:
        raise ValueError("not a modulus of 2048 bits")
    return n


def prepare(message: bytes) -> bytes:
    """RFC 9474, 4.1: a random prefix, so that even a guessed message stays unlinkable."""
    return secrets.token_bytes(PREFIX_LENGTH) + message


def blind(
    n: int, message: bytes, *, salt: bytes | None = None, inverse: int | None = None
) -> tuple[bytes, int]:
    """RFC 9474, 4.2, the voter's first step: (blinded message, inverse). The page has its own; for tests."""
    salt = secrets.token_bytes(SALT_LENGTH) if salt is None else salt
    m = int.from_bytes(_emsa_pss(message, n.bit_length() - 1, salt), "big")
    inverse = _invertible(n) if inverse is None else inverse
    r = gmpy2.invert(inverse, n)
    blinded = m * gmpy2.powmod(r, E, n) % n
    return int(blinded).to_bytes(modulus_length(n), "big"), inverse


def may_be_signed(n: int, blinded: bytes) -> bool:
    """Whether a blinded message has the exact length and a value in range that is coprime to n."""
    m = int.from_bytes(blinded, "big")
    return len(blinded) == modulus_length(n) and 1 < m < n - 1 and gmpy2.gcd(m, n) == 1


def blind_sign(key: IssuerKey, blinded: bytes) -> bytes:
    """RFC 9474, 4.3: constant-time powers, a blinded base, and a check of the result.

    The check matters: a single faulty result of the computation by primes would reveal p and q. Raises
    SigningRefused.
    """
    n = key.n
    length = modulus_length(n)
    if not may_be_signed(n, blinded):
        raise SigningRefused("blinded message out of range")
    m = int.from_bytes(blinded, "big")
    mask = _invertible(n)
    s = _split_power(key, m * gmpy2.powmod(mask, E, n) % n) * gmpy2.invert(mask, n) % n
    if gmpy2.powmod(s, E, n) != m:
        raise SigningRefused("faulty result")
    return int(s).to_bytes(length, "big")


def _split_power(key: IssuerKey, base: int) -> int:
    """base^d by the two primes (RFC 8017, 5.2.1), in constant time for exponents and bases of one size."""
    d = _exponents(key)
    sp = gmpy2.powmod_sec(base % key.p, d[0], key.p)
    sq = gmpy2.powmod_sec(base % key.q, d[1], key.q)
    return int(sq + key.q * ((sp - sq) * d[2] % key.p))


@lru_cache(maxsize=64)
def _exponents(key: IssuerKey) -> tuple[int, int, int]:
    return pow(E, -1, key.p - 1), pow(E, -1, key.q - 1), pow(key.q, -1, key.p)


def forget() -> None:
    """Drop what was derived from private keys, when a survey closes."""
    _exponents.cache_clear()


def finalize(n: int, message: bytes, blind_signature: bytes, inverse: int) -> bytes:
    """RFC 9474, 4.4, the voter's second step: unblind and verify; raises ValueError for a wrong signature."""
    length = modulus_length(n)
    z = int.from_bytes(blind_signature, "big")
    if len(blind_signature) != length or z >= n:
        raise ValueError("blind signature out of range")
    signature = (z * inverse % n).to_bytes(length, "big")
    if not verify(n, message, signature):
        raise ValueError("the issuer's answer is not a signature")
    return signature


def verify(n: int, message: bytes, signature: bytes) -> bool:
    """RSASSA-PSS (RFC 8017, 8.1.2) with SHA-384 and a salt of 48 bytes."""
    try:
        _public_key(n).verify(signature, message, _PADDING, _SHA384)
    except InvalidSignature:
        return False
    return True


_SHA384 = hashes.SHA384()
_PADDING = padding.PSS(mgf=padding.MGF1(_SHA384), salt_length=SALT_LENGTH)


@lru_cache(maxsize=64)
def _public_key(n: int) -> rsa.RSAPublicKey:
    return rsa.RSAPublicNumbers(E, n).public_key()


def _invertible(n: int) -> int:
    while True:
        value = secrets.randbelow(n - 2) + 2
        if gmpy2.gcd(value, n) == 1:
            return value


def _emsa_pss(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE (RFC 8017, 9.1.1) with SHA-384 and MGF1."""
    length = (bits + 7) // 8
    digest = sha384(bytes(8) + sha384(message).digest() + salt).digest()
    block = bytes(length - len(salt) - _HASH_LENGTH - 2) + b"\x01" + salt
    masked = bytearray(left ^ right for left, right in zip(block, _mgf1(digest, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * length - bits)
    return bytes(masked) + digest + b"\xbc"


def _mgf1(seed: bytes, length: int) -> bytes:
    blocks = (
        sha384(seed + counter.to_bytes(4, "big")).digest() for counter in range(-(-length // _HASH_LENGTH))
    )
    return b"".join(blocks)[:length]
