"""Render publications again from what is stored, and say whether every file is the same, byte for byte."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from disclosure.models import Publication
from disclosure.results import services, shown
from disclosure.results.rendering import remove, render, render_aside
from office.files import stored
from reports.results.announcement import Announcement


class Command(BaseCommand):
    help = "按存档重新生成公示页面和文件，逐个比对是否一致。--check 只比对，不替换。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "publication", nargs="*", type=int, help="公布的编号，即网址 /results/编号/ 中的数字"
        )
        parser.add_argument("--all", dest="everything", action="store_true", help="全部公布")
        parser.add_argument("--check", action="store_true", help="只比对，不替换线上的文件")

    def handle(
        self, *args: Any, publication: list[int], everything: bool, check: bool, **options: Any
    ) -> None:
        if bool(publication) == everything:
            raise CommandError("请写明公布的编号，或者用 --all 处理全部。")
        found = Publication.objects.exclude(rendered_at=None).select_related(
            "result__scheme_version", "round__survey"
        )
        chosen = found.order_by("pk") if everything else found.filter(pk__in=publication).order_by("pk")
        if missing := set(publication) - {one.pk for one in chosen}:
            raise CommandError(
                f"没有编号为{'、'.join(map(str, sorted(missing)))}的公布，或者还没有生成页面。"
            )
        differing = [one for one in chosen if not self._again(one, check=check)]
        if differing and check:
            numbers = "、".join(str(one.pk) for one in differing)
            raise CommandError(f"编号{numbers}的文件与存档不一致。去掉 --check 运行一次，按存档重新生成。")

    def _again(self, publication: Publication, *, check: bool) -> bool:
        if not check:
            services.note_who_is_gone(publication)
        announcement = shown.to_render(publication)
        before = {file: entry["sha256"] for file, entry in publication.manifest.items()}
        found = {file: _stored_digest(f"{publication.directory}/{file}") for file in before}
        made = render_aside(announcement) if check else self._put_online(publication, announcement)
        lost = [file for file, digest in found.items() if not digest]
        damaged = [file for file, digest in found.items() if digest and digest != before[file]]
        changed = [file for file in sorted(before.keys() | made.keys()) if before.get(file) != made.get(file)]
        self.stdout.write(f"{publication.pk}　{publication}：{len(made)}个文件")
        for what, files in (("缺失", lost), ("被改动", damaged), ("与上次生成不同", changed)):
            if files:
                self.stdout.write(f"　　{len(files)}个{what}：{'、'.join(files)}")
        if lost or damaged or changed:
            return False
        self.stdout.write("　　逐字节一致")
        return True

    def _put_online(self, publication: Publication, announcement: Announcement) -> dict[str, str]:
        directory, manifest = render(announcement, folder=str(publication.pk), progress=lambda *_: None)
        if directory != publication.directory:
            with transaction.atomic():
                services.put_online(
                    publication=publication,
                    directory=directory,
                    manifest=manifest,
                    acting_user=None,
                    now=publication.rendered_at or timezone.now(),
                )
            remove(publication.directory, keep=directory)
        return {file: entry["sha256"] for file, entry in manifest.items()}


def _stored_digest(path: str) -> str:
    try:
        return hashlib.sha256(stored.take(stored.published(), path)).hexdigest()
    except FileNotFoundError:
        return ""
