"""How kinds of official papers are written in templates."""

from django import template

from reports.documents.kinds import label_of

register = template.Library()
register.filter("paper_kind", label_of)
