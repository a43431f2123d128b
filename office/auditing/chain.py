"""Sealing the audit in a chain of blocks, and checking the chain.

Whoever changes, removes or slips in an entry afterwards, even with the database in hand, breaks the
digests of its block and of every block after it. The head — the last block's digest — stands on the
inspectorate's page; once noted elsewhere, it proves everything before it. The software never deletes
entries, so they are kept longer than the 180 days asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from office import dates, roles
from office.errors import Refused
from office.jobs import services as jobs
from office.models import AuditBlock, AuditEntry, Job, User

BLOCK_SIZE = 500


def digest_of(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def entry_digest(entry: AuditEntry) -> str:
    return digest_of(
        {
            "id": entry.pk,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": entry.actor_id,
            "actor_name": entry.actor_name,
            "role": entry.role,
            "verb": entry.verb,
            "object_type": entry.object_type,
            "object_id": entry.object_id,
            "object_label": entry.object_label,
            "before": entry.before,
            "after": entry.after,
            "address": entry.address,
        }
    )


def block_digest(block: AuditBlock) -> str:
    """Return the digest of a block: its place, its time, its entries, the block before."""
    return digest_of(
        {
            "number": block.number,
            "sealed_at": block.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "digests": block.digests,
            "previous": block.previous,
        }
    )


def head() -> AuditBlock | None:
    return AuditBlock.objects.first()


def seal(*, now: datetime) -> int:
    """Seal all entries not sealed yet; return how many blocks that took."""
    blocks = 0
    while _seal_one(now):
        blocks += 1
    return blocks


@transaction.atomic
def _seal_one(now: datetime) -> bool:
    # Two workers may come at once: the unique block number lets one of them fail and change nothing.
    entries = list(AuditEntry.objects.filter(block=None).order_by("pk")[:BLOCK_SIZE])
    if not entries:
        return False
    last = head()
    block = AuditBlock(
        number=last.number + 1 if last else 1,
        sealed_at=now,
        digests=[[entry.pk, entry_digest(entry)] for entry in entries],
        count=len(entries),
        previous=last.digest if last else "",
    )
    block.digest = block_digest(block)
    block.save(force_insert=True)
    AuditEntry.objects.filter(pk__in=[entry.pk for entry in entries]).put_into(block)
    return True


@dataclass(frozen=True)
class Verdict:
    """What a check of the chain found; `fault` names the first break, empty when there is none."""

    blocks: int
    entries: int
    waiting: int
    head: str
    fault: str = ""


def verify(*, known_head: str = "") -> Verdict:
    """Check every block and entry; `known_head` is a head noted earlier that must be in the chain."""
    previous, blocks, entries, seen = "", 0, 0, not known_head
    for block in AuditBlock.objects.order_by("number").iterator(chunk_size=20):
        fault = next(_faults(block, number=blocks + 1, previous=previous), "")
        if fault:
            return Verdict(blocks, entries, 0, previous, fault)
        blocks, entries, previous = blocks + 1, entries + block.count, block.digest
        seen = seen or known_head == block.digest
    waiting = AuditEntry.objects.filter(block=None).count()
    fault = "" if seen else "审计链中没有您提供的校验值，审计记录可能被整段替换或删去。"
    return Verdict(blocks, entries, waiting, previous, fault)


def _faults(block: AuditBlock, *, number: int, previous: str) -> Iterator[str]:
    if block.number != number:
        yield f"第{number}块缺失。"
    if block.previous != previous:
        yield f"第{number}块与上一块不衔接。"
    kept = {entry.pk: entry for entry in AuditEntry.objects.filter(block=block)}
    for pk, digest in block.digests:
        entry = kept.pop(pk, None)
        if entry is None:
            yield f"第{number}块中的第{pk}条记录缺失。"
        elif entry_digest(entry) != digest:
            yield f"第{number}块中的第{pk}条记录（{dates.day(entry.at)}，{entry.verb}）与存证不符。"
    for pk in sorted(kept):
        yield f"第{pk}条记录不属于第{number}块，是事后加入的。"
    if block_digest(block) != block.digest or block.count != len(block.digests):
        yield f"第{number}块的校验值与内容不符。"


def worded(verdict: Verdict) -> str:
    checked = f"{verdict.blocks} 块、{verdict.entries} 条记录"
    if verdict.fault:
        return f"审计存证核验未通过：{verdict.fault}此前的 {checked}核验无误。"
    return f"审计存证核验通过：{checked}；另有 {verdict.waiting} 条待存证。"


@transaction.atomic
def start_check(*, acting_user: User) -> Job:
    roles.require(acting_user, "audit.view")
    return jobs.enqueue("audit.verify", {}, acting_user=acting_user)


@jobs.handles("audit.verify", "核验审计记录")
def check(arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Check the chain for a job; a broken chain is a failed job."""
    verdict = verify()
    if verdict.fault:
        raise Refused(worded(verdict))
    return {"核验结果": worded(verdict), "链首校验值": verdict.head}
