"""Refuse the second of two officials who edit the same object, and say who changed what.

A form carries a mark of what its page showed: the number of the latest audit entry and a digest of
every value the form could write, rows below it included. When it is sent, the object is locked and the
mark made again; if the digests differ, the form is refused. The sender's text stays on the page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.contrib.admin import ModelAdmin
from django.db import connection, models, transaction
from django.db.models import Max, Q
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from office import dates
from office.errors import Refused
from office.models import AuditEntry
from office.roles import Role

Kept = TypeVar("Kept", bound=models.Model)

SEEN = "seen_mark"
CHANGED = (
    "您打开本页之后，这里的内容已被修改。您填写的内容没有保存，他人的修改没有被覆盖。"
    "请先记下您要修改的内容，再重新打开本页办理。"
)
MOST_TOLD = 10


class Conflict(Refused):
    """Says by itself what stays unchanged; the faults say who changed what meanwhile."""

    def __init__(self, happened: Sequence[str]) -> None:
        super().__init__(CHANGED, faults=happened)
        self.message = CHANGED


class RefusesStale:
    """A form that refuses to be saved when `told` says that somebody else was quicker."""

    told = ""

    def clean(self) -> Any:
        data = super().clean()  # type: ignore[misc]
        if self.told:
            self.add_error(None, self.told)  # type: ignore[attr-defined]
        return data


def lock(obj: models.Model) -> None:
    """Wait for whoever saves the same object at this moment."""
    if connection.in_atomic_block:
        rows = type(obj)._base_manager.select_for_update().filter(pk=obj.pk)
        list(rows.values_list("pk"))


def edit_mark(admin: ModelAdmin[Any], request: HttpRequest, obj: models.Model, fields: Iterable[str]) -> str:
    """Return the mark of an object as this user's form shows it; `fields` are those of the form."""
    return f"{_latest()}.{_digest(admin, request, obj, fields)}"


def refusal(admin: ModelAdmin[Any], request: HttpRequest, obj: models.Model, fields: Iterable[str]) -> str:
    """Return why a form that was sent must not be saved, or nothing if it may."""
    latest, _, digest = request.POST.get(SEEN, "").partition(".")
    if not digest or digest == _digest(admin, request, obj, fields):
        return ""
    happened = _told(_about(admin, request, obj), latest) or ["修改由表格导入或由系统完成。"]
    return str(Conflict(happened))


def page_mark(request: HttpRequest, shown: Any) -> str:
    """Return the mark of a page that is no form of the admin: of the values it shows to be changed.

    A page that comes back keeps its mark, so that what was refused is not saved with the next click.
    """
    return page_marks(request, {"": shown}, sent="")[""]


def page_marks(request: HttpRequest, shown: Mapping[str, Any], *, sent: str) -> dict[str, str]:
    """Return the marks of several forms on one page; the one that was `sent` keeps its own."""
    latest = _latest()
    marks = {name: f"{latest}.{_hash(values)}" for name, values in shown.items()}
    if seen := request.POST.get(SEEN):
        marks[sent] = seen
    return marks


@contextmanager
def unchanged(request: HttpRequest, kept: Kept, shown: Callable[[Kept], Any]) -> Iterator[None]:
    """Refuse the block if `shown(kept)` is no longer what the page showed.

    The block is one transaction that holds `kept` locked: whoever saves it meanwhile waits.
    """
    with transaction.atomic():
        lock(kept)
        refuse_changed(request, kept, shown(kept))
        yield


def refuse_changed(request: HttpRequest, kept: models.Model, shown: Any) -> None:
    """Refuse, and say who did what to `kept`, if `shown` is no longer what the page showed."""
    latest, _, seen = request.POST.get(SEEN, "").partition(".")
    if seen and seen != _hash(shown):
        about = Q(object_type=str(kept._meta.verbose_name), object_id=str(kept.pk))
        raise Conflict(_told(about, latest))


def _latest() -> int:
    return AuditEntry.objects.aggregate(latest=Max("pk"))["latest"] or 0


def _hash(shown: Any) -> str:
    text = json.dumps(shown, ensure_ascii=False, default=str, sort_keys=True)
    return salted_hmac("office.stale", text).hexdigest()[:32]


def _told(about: Q, latest: str) -> list[str]:
    entries = AuditEntry.objects.filter(about, pk__gt=int(latest) if latest.isdecimal() else 0)
    return [_in_words(entry) for entry in entries.order_by("pk")[:MOST_TOLD]]


def _digest(admin: ModelAdmin[Any], request: HttpRequest, obj: models.Model, fields: Iterable[str]) -> str:
    below = [
        [_values(row, ["id", *formset.form.base_fields]) for row in rows.order_by("pk")]
        for formset, rows in _below(admin, request, obj)
    ]
    return _hash([_values(obj, fields), below])


def _values(row: models.Model, names: Iterable[str]) -> list[Any]:
    """Return the stored values of the columns among `names`; passwords have pages of their own."""
    wanted = set(names) - {"password"}
    return [
        [field.name, field.value_from_object(row)]
        for field in row._meta.concrete_fields
        if field.name in wanted
    ]


def _below(
    admin: ModelAdmin[Any], request: HttpRequest, obj: models.Model
) -> Iterator[tuple[Any, models.QuerySet[Any]]]:
    for inline in admin.get_inline_instances(request, obj):
        if inline.has_change_permission(request, obj):
            formset: Any = inline.get_formset(request, obj)
            yield formset, formset.model._base_manager.filter(**{formset.fk.name: obj})


def _about(admin: ModelAdmin[Any], request: HttpRequest, obj: models.Model) -> Q:
    """Select the audit entries about `obj`; an import has one entry for the whole workbook."""
    about = Q(object_type=str(obj._meta.verbose_name), object_id=str(obj.pk))
    sent = [value for name, value in request.POST.items() if name.endswith("-id") and value]
    for formset, rows in _below(admin, request, obj):
        ids = {*sent, *(str(pk) for pk in rows.values_list("pk", flat=True))}
        about |= Q(object_type=str(formset.model._meta.verbose_name), object_id__in=ids)
    return about


def _in_words(entry: AuditEntry) -> str:
    role = f"（{Role(entry.role).label}）" if entry.role in Role.values else ""
    changes = "；".join(
        f"{name}：{_word(entry.before.get(name))} → {_word(value)}" for name, value in entry.after.items()
    )
    what = f"{entry.object_type}“{entry.object_label}”"
    return f"{entry.actor_name}{role}于{dates.moment(entry.at)}{entry.verb}{what}" + (
        f"：{changes}。" if changes else "。"
    )


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "（空）" if value in (None, "") else str(value)[:60]
