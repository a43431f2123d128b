"""Render publications again from what is stored, and say whether every file is the same, byte for byte."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from disclosure.models import Publication
from disclosure.results import services, shown
from disclosure.results.rendering import remove, render
from office.files import stored


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
            raise CommandError(
                f"编号{numbers}的文件与线上不一致。升级后版式有变化的，去掉 --check 重新生成。"
            )

    def _again(self, publication: Publication, *, check: bool) -> bool:
        announcement = shown.to_render(publication)
        directory, manifest = render(announcement, folder=str(publication.pk), progress=lambda *_: None)
        before = publication.manifest
        changed = [
            file
            for file in sorted(before.keys() | manifest.keys())
            if before.get(file, {}).get("sha256") != manifest.get(file, {}).get("sha256")
        ]
        lost = [file for file in before if not stored.published().exists(f"{publication.directory}/{file}")]
        same = not changed and not lost
        self.stdout.write(
            f"{publication.pk}　{publication}：{len(manifest)}个文件"
            + (
                "，逐字节一致"
                if same
                else f"，{len(changed)}个不同，{len(lost)}个缺失：{'、'.join(changed + lost)}"
            )
        )
        if check:
            remove(directory, keep=publication.directory)
        elif directory != publication.directory:
            with transaction.atomic():
                services.put_online(
                    publication=publication,
                    directory=directory,
                    manifest=manifest,
                    acting_user=None,
                    now=publication.rendered_at or timezone.now(),
                )
            remove(publication.directory, keep=directory)
        return same
