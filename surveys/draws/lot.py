"""Drawing entities for a sitting: who sees the seed can draw again and must get the same list (YC-R5, YC-R6).

Algorithm `sanliang-draw/1`, to be done with any program that knows SHA-256:

1. take the codes of all entities of the kind and town that may be invited and are in no other sitting
   of the survey;
2. give each the hexadecimal SHA-256 of `sanliang-draw/1|SEED|CODE` (UTF-8);
3. sort by that number, those on the list of recent business (办事往来名单) before all others;
4. the first `invited` are invited, the next `substitutes` are substitutes.

The seed is made of the survey's fingerprint, which is fixed and posted before any sitting, of the
town's name and of the sitting's number: nobody chooses it, nobody can try another one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256

ALGORITHM = "sanliang-draw/1"


@dataclass(frozen=True)
class Drawn:
    invited: tuple[str, ...]
    substitutes: tuple[str, ...]


def seed_of(fingerprint: str, town: str, number: int) -> str:
    return f"{fingerprint}|{town}|{number}"


def draw(
    codes: Iterable[str], *, seed: str, preferred: Collection[str], invited: int, substitutes: int
) -> Drawn:
    """Draw from `codes`, whatever their order; fewer than wanted where there are not enough."""
    first = frozenset(preferred)
    ordered = sorted(set(codes), key=lambda code: (code not in first, _number(seed, code)))
    return Drawn(tuple(ordered[:invited]), tuple(ordered[invited : invited + substitutes]))


def digest_of(codes: Iterable[str]) -> str:
    return sha256("\n".join(sorted(codes)).encode()).hexdigest()


def _number(seed: str, code: str) -> str:
    return sha256(f"{ALGORITHM}|{seed}|{code}".encode()).hexdigest()
