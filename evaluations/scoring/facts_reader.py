"""Reads facts against a scheme and reports every fault at once, each with its path and what to do."""

from fractions import Fraction
from typing import Any

from evaluations.scoring.collecting import without_collecting
from evaluations.scoring.facts import Facts, MemberFacts, SectionFacts, SubjectFacts, in_order
from evaluations.scoring.loading import Policy
from evaluations.scoring.reading.answers import read_answers, read_by_stratum
from evaluations.scoring.reading.cursor import Reader
from evaluations.scoring.reading.evidence import (
    check_vetoing,
    read_asked,
    read_conditions,
    read_external,
    read_marks,
    read_measures,
    read_not_applicable,
    read_occurrences,
    read_placements,
    read_vetoes,
)
from evaluations.scoring.reading.history import check_period, read_history
from evaluations.scoring.vocabulary import vocabulary
from office.definitions.faults import InvalidFactsError, Path
from office.definitions.rule import WHOLE
from office.definitions.source import Document

_ROUND = ("scheme", "period", "options", "respondents", "shares", "withdrawn", "subjects")
_SUBJECT = (
    *(
        "name",
        "group",
        "superior_body",
        "sections",
        "answers",
        "members",
        "answers_by_stratum",
        "marks",
        "asked",
    ),
    *(
        "occurrences",
        "not_applicable",
        "conditions",
        "measures",
        "placements",
        "external",
        "vetoes",
        "history",
    ),
)


def read_facts(document: Document, policy: Policy) -> Facts:
    """The facts of a document, checked under the options that the facts themselves choose.

    Raises ``InvalidFactsError`` with every fault, ordered by line.
    """
    data = document.data
    if not isinstance(data, dict) or not data:
        raise InvalidFactsError([document.fault((), "facts are a mapping with scheme, period and subjects")])
    options = data.get("options")
    options = options if isinstance(options, dict) else {}
    fitting = {key: value for key, value in options.items() if not policy.option_faults({key: value})}
    scheme = policy.decide(fitting)
    reader = Reader(document, scheme, vocabulary(scheme))
    facts = _round(reader, policy, fitting)
    if reader.faults:
        raise InvalidFactsError(sorted(reader.faults, key=lambda fault: fault.line))
    return facts


@without_collecting
def facts_from(data: Any, policy: Policy) -> Facts:
    """The same from plain Python values as JSON gives them (numbers as int, ``Decimal`` or text)."""
    return read_facts(Document(data), policy)


def _round(reader: Reader, policy: Policy, fitting: dict[str, Any]) -> Facts:
    root = reader.mapping(reader.document.data, (), _ROUND)
    options = reader.mapping(root.get("options"), ("options",))
    for fault in policy.option_faults(options):
        reader.fault(fault.path, fault.message)
    period = reader.text(root.get("period"), ("period",))
    check_period(reader, period, ("period",))
    subjects = reader.mapping(root.get("subjects"), ("subjects",))
    if not subjects and isinstance(root.get("subjects"), dict | None):
        reader.fault(("subjects",), "holds no subject; add at least one")
    asked = reader.mapping(root.get("respondents"), ("respondents",), reader.strata())
    withdrawn = reader.mapping(root.get("withdrawn"), ("withdrawn",))
    found = {key: _subject(reader, node, ("subjects", key), period) for key, node in subjects.items()}
    for key in withdrawn:
        if any(key in subject.members or key == name for name, subject in found.items()):
            reader.fault(("withdrawn", key), "stands among those who are judged, too; remove one of the two")
    _check_weights(reader, policy, fitting, found)
    return Facts(
        period=period,
        options=fitting,
        subjects=found,
        respondents={key: reader.count(node, ("respondents", key)) for key, node in asked.items()},
        shares=_shares(reader, root.get("shares")),
        withdrawn={key: reader.text(why, ("withdrawn", key)) for key, why in withdrawn.items()},
        named_scheme=reader.text(root.get("scheme"), ("scheme",), policy.id),
    )


def _check_weights(
    reader: Reader, policy: Policy, options: dict[str, Any], subjects: dict[str, SubjectFacts]
) -> None:
    """A weight for a question that neither the scheme nor an answer knows is a typing error."""
    chosen = [name for name in options if policy.options[name].of == "questions"]
    if not chosen:
        return
    asked = dict.fromkeys(name for need in reader.words.answers.values() for name in need.questions)
    for subject in subjects.values():
        for answers in (subject.answers, *(member.answers for member in subject.members.values())):
            asked |= dict.fromkeys(question for table in answers.values() for question in table)
    for name in chosen:
        for question in options[name]:
            if question not in asked:
                known = "、".join(list(asked)[:20])
                reader.fault(("options", name, question), f"nobody was asked this; questions are {known}")


def _shares(reader: Reader, node: Any) -> dict[str, Fraction]:
    """A round's own shares name every stratum of the scheme and sum to 100."""
    given = reader.mapping(node, ("shares",), reader.strata())
    shares = {key: reader.number(share, ("shares", key), low=None) for key, share in given.items()}
    strata = reader.strata()
    if shares and (set(shares) != set(strata) or min(shares.values()) < 0 or sum(shares.values()) != WHOLE):
        reader.fault(("shares",), f"give every one of {'、'.join(strata)}; they must sum to 100")
    return in_order(shares, strata)


def _subject(reader: Reader, node: Any, path: Path, period: str) -> SubjectFacts:
    if not isinstance(node, dict):
        reader.fault(path, "must be a mapping with at least a name")
        return SubjectFacts("", "")
    reader.mapping(node, path, _SUBJECT)
    get = node.get
    members = reader.mapping(get("members"), (*path, "members"))
    sections = reader.mapping(get("sections"), (*path, "sections"))
    occurrences = read_occurrences(reader, get("occurrences"), (*path, "occurrences"))
    vetoes = read_vetoes(reader, get("vetoes"), (*path, "vetoes"))
    marks = read_marks(reader, get("marks"), (*path, "marks"))
    check_vetoing(reader, occurrences, vetoes, (*path, "occurrences"))
    return SubjectFacts(
        name=reader.text(get("name"), (*path, "name"), str(path[-1])),
        group=_group(reader, get("group"), (*path, "group")),
        sections={key: _section(reader, one, (*path, "sections", key)) for key, one in sections.items()},
        answers=read_answers(reader, get("answers"), (*path, "answers"), "subject"),
        members={
            key: _member(reader, one, (*path, "members", key), period, sections)
            for key, one in members.items()
        },
        answers_by_stratum=read_by_stratum(
            reader, get("answers_by_stratum"), (*path, "answers_by_stratum"), None
        ),
        marks=marks,
        asked=read_asked(reader, get("asked"), (*path, "asked"), marks),
        occurrences=occurrences,
        not_applicable=read_not_applicable(
            reader, get("not_applicable"), (*path, "not_applicable"), occurrences
        ),
        conditions=read_conditions(reader, get("conditions"), (*path, "conditions")),
        measures=read_measures(reader, get("measures"), (*path, "measures")),
        placements=read_placements(reader, get("placements"), (*path, "placements")),
        external=read_external(reader, get("external"), (*path, "external")),
        vetoes=vetoes,
        history=read_history(reader, get("history"), (*path, "history"), period),
        superior_body=reader.text(get("superior_body"), (*path, "superior_body"), ""),
    )


def _group(reader: Reader, node: Any, path: Path) -> str:
    groups = reader.scheme.subjects.groups
    if node is None and len(groups) == 1:
        return next(iter(groups))
    group = reader.text(node, path, "" if not groups else None)
    if groups and group:
        reader.one_of(group, path, groups, "group")
    return group


def _section(reader: Reader, node: Any, path: Path) -> SectionFacts:
    """``supervised_by`` may name a leader who is not judged in this round; the outcome then warns."""
    found = reader.mapping(node, path, ("name", "supervised_by"))
    supervisor = found.get("supervised_by")
    if supervisor is not None:
        supervisor = reader.text(supervisor, (*path, "supervised_by"))
    return SectionFacts(reader.text(found.get("name"), (*path, "name"), str(path[-1])), supervisor)


def _member(reader: Reader, node: Any, path: Path, period: str, sections: dict[str, Any]) -> MemberFacts:
    keys = ("name", "role", "section", "answers", "answers_by_stratum", "history")
    found = reader.mapping(node, path, keys)
    role = reader.text(found.get("role"), (*path, "role"))
    if role:
        reader.one_of(role, (*path, "role"), reader.scheme.subjects.roles, "role")
    section = found.get("section")
    if section is not None:
        section = reader.text(section, (*path, "section"))
        if section:
            reader.one_of(section, (*path, "section"), sections, "section")
    return MemberFacts(
        name=reader.text(found.get("name"), (*path, "name"), str(path[-1])),
        role=role,
        section=section,
        answers=read_answers(reader, found.get("answers"), (*path, "answers"), "member"),
        answers_by_stratum=read_by_stratum(
            reader, found.get("answers_by_stratum"), (*path, "answers_by_stratum"), "member"
        ),
        history=read_history(reader, found.get("history"), (*path, "history"), period),
    )
