"""Tell the room of units which groups the schemes in use have, so that offices can choose among them."""

from __future__ import annotations

from collections.abc import Sequence

from departments.units.groups import SchemeGroups, told_by
from evaluations.models import SchemeVersion
from evaluations.schemes.stored import policy_of


def groups_of(version: SchemeVersion) -> SchemeGroups:
    subjects = policy_of(version).defaults.subjects
    words = {key: group.label for key, group in subjects.groups.items()}
    return SchemeGroups(version.scheme_id, version.title, subjects.label, words)


@told_by
def in_use() -> Sequence[SchemeGroups]:
    """Return them of the schemes that a round can be made of; of each, one version is active."""
    return [groups_of(one) for one in SchemeVersion.objects.filter(is_active=True).order_by("scheme_id")]
