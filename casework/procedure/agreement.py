"""Whether the parts of a procedure fit together: every name is known, every clock begins and stops."""

from collections.abc import Iterable, Iterator, Sequence

from casework.procedure.form import Procedure
from casework.procedure.parts import ClockRule
from casework.procedure.ways import CAN_GO_BACK, brings, circle, reached, stage_of
from casework.procedure.words import STAGE_LABELS, Event, Party, Rate, Stage
from office.definitions.faults import Path

Disagreement = tuple[Path, str]
OF_OTHERS = (Stage.ACCEPTANCE, Stage.JUDGING, Stage.CALL_BACK, Stage.CLOSED)
"""A unit never decides here: whoever did a thing never checks it."""
OF_UNITS = (Stage.SIGNING, Stage.HANDLING, Stage.FOLLOW_UP)
OF_CALLS = (Rate.SATISFIED, Rate.REACHED)


def disagreements(procedure: Procedure) -> Iterator[Disagreement]:
    """Yield every place where parts contradict each other, and what to do there."""
    yield from _stages(procedure)
    yield from _clocks(procedure)
    yield from _intake(procedure)
    yield from _categories(procedure)
    yield from _endings(procedure)
    yield from _figures(procedure)
    yield from _evidence(procedure)
    yield from _officers(procedure)


def _stages(procedure: Procedure) -> Iterator[Disagreement]:
    known = [one.stage for one in procedure.stages]
    then = {one.stage: one.then for one in procedure.stages}
    yield from _twice("stages", "stage", known)
    if known[0] != Stage.REGISTRATION:
        yield ("stages", 0, "stage"), "the first stage is registration; put it first"
    if Stage.CLOSED not in known:
        yield ("stages",), "no matter ever ends; add the stage closed"
    for at, one in enumerate(procedure.stages):
        if strange := [name for name in one.then if name not in then]:
            yield (
                ("stages", at, "then"),
                f"{'、'.join(strange)} is no stage here; add it or take it out of then",
            )
        if not one.then and one.stage != Stage.CLOSED:
            yield ("stages", at), f"nothing comes after {one.stage}; say in then which stage does"
        yield from _actors(at, one.stage, one.who)
    if way := circle(then):
        at = known.index(way[0])
        yield (
            ("stages", at, "then"),
            f"the stages go in a circle: {' → '.join(STAGE_LABELS[one] for one in way)}",
        )
        return
    for at, stage in enumerate(known):
        if stage not in reached(then, known[0]):
            yield ("stages", at), f"the stage {stage} is never reached; name it in then of another stage"


def _actors(at: int, stage: Stage, who: Iterable[Party]) -> Iterator[Disagreement]:
    if stage in OF_OTHERS and Party.UNIT in who:
        yield (
            ("stages", at, "who"),
            f"a unit that handles a matter never acts at {stage}; take unit out of who",
        )
    if stage in OF_UNITS and Party.UNIT not in who:
        yield ("stages", at, "who"), f"units act at {stage}; add unit to who"


def _clocks(procedure: Procedure) -> Iterator[Disagreement]:
    yield from _twice("clocks", "id", [one.id for one in procedure.clocks])
    categories = [one.id for one in procedure.categories.items]
    for at, one in enumerate(procedure.clocks):
        yield from _beginning(procedure, one, at)
        for name in one.limits:
            if name not in categories:
                yield ("clocks", at, "limits", name), _no_such("category", name, categories)
        yield from _lateness(procedure, one, at)
        if one.stops and procedure.supplement is None:
            yield (
                ("clocks", at, "stops"),
                "nothing says how often it may be stopped; add the part supplement",
            )
    if procedure.supplement and not any(one.stops for one in procedure.clocks):
        yield ("supplement",), "it stops no clock; write stops: true at the clocks it stops"
    yield from _clocks_extended(procedure)


def _beginning(procedure: Procedure, rule: ClockRule, at: int) -> Iterator[Disagreement]:
    possible = brings(procedure)
    if rule.begins not in possible:
        yield (
            ("clocks", at, "begins"),
            f"no stage brings {rule.begins}, so the clock never begins; here are {'、'.join(possible)}",
        )
    elif rule.begins in rule.ends:
        yield ("clocks", at, "ends"), f"it ends with the event it begins with; take out {rule.begins}"
    elif not any(_can_follow(procedure, rule.begins, end) for end in rule.ends if end in possible):
        yield (
            ("clocks", at, "ends"),
            f"{'、'.join(rule.ends)} never comes after {rule.begins}, so the clock never stops; name another",
        )
    if rule.expiry_accepts and (rule.begins, Event.ACCEPTED in rule.ends) != (Event.REGISTERED, True):
        yield (
            ("clocks", at, "expiry_accepts"),
            "silence accepts only where a clock begins with registered and ends with accepted",
        )


def _can_follow(procedure: Procedure, begins: Event, end: Event) -> bool:
    if end == Event.CLOSED or begins in CAN_GO_BACK:
        return True
    first, then = stage_of(begins), stage_of(end)
    if first == then:
        order = brings(procedure)
        return order.index(end) > order.index(begins)
    return then in reached({one.stage: one.then for one in procedure.stages}, first)


def _lateness(procedure: Procedure, rule: ClockRule, at: int) -> Iterator[Disagreement]:
    late = rule.late
    given = [days for days in (late.chase, late.supervise, late.leading_group) if days is not None]
    if given != sorted(given):
        yield (
            ("clocks", at, "late"),
            "chase comes before supervise, and supervise before leading_group; mend the days",
        )
    if late.rise and not procedure.categories.rises_when_late:
        yield ("clocks", at, "late", "rise"), "categories do not rise; write rises_when_late: true there"


def _clocks_extended(procedure: Procedure) -> Iterator[Disagreement]:
    clocks = [one.id for one in procedure.clocks]
    rule = procedure.extension
    if rule is None:
        return
    for at, name in enumerate(rule.clocks):
        if name not in clocks:
            yield ("extension", "clocks", at), _no_such("clock", name, clocks)
        if rule.by == "at_most" and name not in rule.at_most:
            yield ("extension", "at_most"), f"how long may {name} be extended? add it"
    for name in rule.at_most:
        if name not in rule.clocks:
            yield ("extension", "at_most", name), _no_such("clock", name, rule.clocks)
    if Party.UNIT in rule.granted_by:
        yield ("extension", "granted_by"), "a unit that asks never grants; take unit out"


def _intake(procedure: Procedure) -> Iterator[Disagreement]:
    intake = procedure.intake
    for at, name in enumerate(intake.public_channels):
        if name not in intake.channels:
            yield ("intake", "public_channels", at), _no_such("channel", name, intake.channels)
    yield from _twice("intake.fields", "id", [one.id for one in intake.fields])
    yield from _twice("intake.refusals", "id", [one.id for one in intake.refusals])
    if intake.refusal_by_two and not intake.refusals:
        yield ("intake", "refusal_by_two"), "there is no reason to refuse; add refusals or take this out"
    if procedure.assigning and procedure.assigning.never_to_the_unit and not intake.about:
        yield ("assigning", "never_to_the_unit"), "matters are about no unit; name its kinds in intake.about"


def _officers(procedure: Procedure) -> Iterator[Disagreement]:
    if procedure.officers is None:
        return
    asked, problems = procedure.officers.asked, procedure.officers.problems
    yield from _twice("officers.kinds", "id", [one.id for one in procedure.officers.kinds])
    for name in ("met", "topics", "levels"):
        yield from _twice(f"officers.asked.{name}", "id", [one.id for one in getattr(asked, name)])
    if problems.channel not in procedure.intake.channels:
        where = ("officers", "problems", "channel")
        yield where, _no_such("channel", problems.channel, procedure.intake.channels)
    fields = {one.id: one for one in procedure.intake.fields}
    for name, field in problems.into.given().items():
        if field not in fields:
            yield ("officers", "problems", "into", name), _no_such("field", field, fields)
    choices = fields[problems.into.level].choices if problems.into.level in fields else ()
    for at, level in enumerate(asked.levels):
        if choices and level.label not in choices:
            yield ("officers", "asked", "levels", at, "label"), _no_such("choice", level.label, choices)


def _categories(procedure: Procedure) -> Iterator[Disagreement]:
    known = [one.id for one in procedure.categories.items]
    yield from _twice("categories.items", "id", known)
    if procedure.categories.default not in {None, *known}:
        yield ("categories", "default"), _no_such("category", procedure.categories.default, known)
    if procedure.reopening and procedure.reopening.category not in {None, *known}:
        yield ("reopening", "category"), _no_such("category", procedure.reopening.category, known)


def _endings(procedure: Procedure) -> Iterator[Disagreement]:
    outcomes = [one.id for one in procedure.outcomes]
    yield from _twice("outcomes", "id", outcomes)
    yield from _twice("findings", "id", [one.id for one in procedure.findings])
    if bool(procedure.call_back) != procedure.has(Stage.CALL_BACK):
        yield ("call_back",), "give it together with the stage call_back, or neither"
    if procedure.call_back:
        yield from _twice("call_back.questions", "id", [one.id for one in procedure.call_back.questions])
        if procedure.call_back.not_reached not in {None, *outcomes}:
            yield ("call_back", "not_reached"), _no_such("outcome", procedure.call_back.not_reached, outcomes)
    if procedure.reopening and not procedure.call_back:
        yield ("reopening",), "nobody is asked whether they are satisfied; add call_back or take this out"
    supplement = procedure.supplement
    if supplement and supplement.unanswered not in {None, *outcomes}:
        yield ("supplement", "unanswered"), _no_such("outcome", supplement.unanswered, outcomes)
    if supplement and bool(supplement.answer_within) != bool(supplement.unanswered):
        yield ("supplement",), "answer_within and unanswered belong together; give both or neither"


def _figures(procedure: Procedure) -> Iterator[Disagreement]:
    clocks = [one.id for one in procedure.clocks]
    yield from _twice("figures", "id", [one.id for one in procedure.figures])
    for at, one in enumerate(procedure.figures):
        if bool(one.counts) != (one.rate == Rate.ON_TIME) or (one.clock and one.clocks):
            yield ("figures", at), "on_time names a clock, or several in clocks; no other rate does"
        for name in one.counts:
            if name not in clocks:
                yield ("figures", at, "clock" if one.clock else "clocks"), _no_such("clock", name, clocks)
        if one.rate in OF_CALLS and not procedure.call_back:
            yield (
                ("figures", at, "rate"),
                f"nobody is called back, so {one.rate} counts nothing; add call_back",
            )


def _evidence(procedure: Procedure) -> Iterator[Disagreement]:
    findings = [one.id for one in procedure.findings]
    outcomes = [one.id for one in procedure.outcomes]
    supervised = [one.id for one in procedure.clocks if one.late.supervise is not None]
    fields = {one.id: one.choices for one in procedure.intake.fields}
    for at, one in enumerate(procedure.evidence):
        for name in one.clocks:
            if name not in supervised:
                yield ("evidence", at, "clocks"), _no_such("supervised clock", name, supervised)
        for name in one.findings:
            if name not in findings:
                yield ("evidence", at, "findings"), _no_such("finding", name, findings)
        for name in one.outcomes:
            if name not in outcomes:
                yield ("evidence", at, "outcomes"), _no_such("outcome", name, outcomes)
        for name, answers in one.fields.items():
            if strange := [answer for answer in answers if answer not in fields.get(name, ())]:
                yield (
                    ("evidence", at, "fields", name),
                    f"{'、'.join(strange)} is no choice of a field {name} of intake; mend one of the two",
                )


def _no_such(what: str, name: object, known: Iterable[str]) -> str:
    return f"no such {what}: {name}; here are {'、'.join(known) or '(none)'}"


def _twice(part: str, key: str, names: Sequence[str]) -> Iterator[Disagreement]:
    """Name every entry whose id another one before it has."""
    for at, name in enumerate(names):
        if name in names[:at]:
            yield (*part.split("."), at, key), f"{name} is given twice; keep one or rename it"
