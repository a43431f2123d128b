"""The manuals of the roles: Markdown files in docs/manuals/, shown inside the workbench."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from office.roles import Role

FOLDER = Path(settings.BASE_DIR) / "docs" / "manuals"
TITLES = {
    "administrator": "系统管理员手册",
    "centre-operator": "评价中心经办手册",
    "centre-reviewer": "评价中心复核手册",
    "leading-group": "领导小组手册",
    "department-officer": "部门经办手册",
    "department-reviewer": "部门审核手册",
    "town-organizer": "镇街组织员手册",
    "paper-clerk": "纸质票录入员手册",
    "window-clerk": "窗口办事员手册",
    "inspectorate": "核验手册",
    "marker": "评议人手册",
    "service-officer": "首席服务官手册",
    "custodian": "计票密钥保管人手册",
}
OF_ROLE = {role: (role.value.replace("_", "-"),) for role in Role} | {
    Role.INSPECTORATE: ("inspectorate", "custodian")
}


@dataclass(frozen=True)
class Manual:
    """One manual: its name in addresses, and its title."""

    slug: str
    title: str

    @property
    def path(self) -> Path:
        """Return the file; slugs come from the table above, never from outside."""
        return FOLDER / f"{self.slug}.md"

    @property
    def url(self) -> str:
        return reverse("admin:manual", args=[self.slug])


def manuals() -> list[Manual]:
    """Every manual that is there, in the order of the roles."""
    found = [Manual(slug, title) for slug, title in TITLES.items()]
    return [manual for manual in found if manual.path.exists()]


def manuals_of(role: str) -> list[Manual]:
    slugs = OF_ROLE[Role(role)] if role in Role.values else ()
    return [manual for manual in manuals() if manual.slug in slugs]


def image(name: str) -> Path | None:
    """Find a picture by listing the folder, so that no name can lead out of it."""
    return next((path for path in (FOLDER / "images").glob("*.png") if path.name == name), None)


def rendered(manual: Manual) -> SafeString:
    """Return the manual as HTML; raw HTML in it stays text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(_without_title(manual.path.read_text("utf-8")))
    for token in tokens:
        for child in token.children or ():
            _lead_inside(child)
    return mark_safe(parser.renderer.render(tokens, parser.options, {}))  # noqa: S308


def _without_title(text: str) -> str:
    first, _, rest = text.partition("\n")
    return rest if first.startswith("# ") else text


def _lead_inside(token: Token) -> None:
    """Turn links between files of the folder into addresses of the workbench."""
    source, target = str(token.attrGet("src") or ""), str(token.attrGet("href") or "")
    if token.type == "image" and source.startswith("images/"):
        token.attrSet("src", reverse("admin:manual-image", args=[source.removeprefix("images/")]))
        token.attrSet("loading", "lazy")
    if token.type == "link_open" and target.removesuffix(".md") in TITLES:
        token.attrSet("href", reverse("admin:manual", args=[target.removesuffix(".md")]))
