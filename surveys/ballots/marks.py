"""Ballots whose choices are marks: each voter belongs to one panel and marks units as a whole.

`form["panels"]`: [{"id", "stratum", "name", "step", "words"}]. A panel is a kind of voter, so it has a key
of its own; `words` are the marks it may give, of those that `choices` list, the highest first. Strata of such
a survey are never joined: nobody could tell any more whose marks they are.
"""

from surveys.ballots.forms import Json, words

UNTOUCHED = 0


def gives_marks(form: Json) -> bool:
    return "panels" in form


def panels(form: Json) -> list[Json]:
    return list(form.get("panels", ()))


def allowed(public: Json) -> dict[str, bytes]:
    """{key id: the bytes that a cell of its ballots can have}; empty where the choices are no marks."""
    form = public["form"]
    if not gives_marks(form):
        return {}
    places = {word: place for place, word in enumerate(words(form), start=1)}
    unknown = [place for place, choice in enumerate(form["choices"], start=1) if choice["unknown"]]
    of_stratum = {panel["stratum"]: [places[word] for word in panel["words"]] for panel in panels(form)}
    return {key["id"]: bytes([UNTOUCHED, *of_stratum[key["stratum"]], *unknown]) for key in public["keys"]}


def given(form: Json, panel: Json, answers: Json) -> dict[str, list[str]]:
    """{unit: every mark the panel gave it, the lowest first}, from what was counted of its stratum.

    The order says nothing of who gave which: no voter can be followed from one unit to the next.
    """
    rising = [word for word in reversed(words(form)) if word in panel["words"]]
    return {
        unit: [word for word in rising for _ in range(row[word])]
        for unit, questions in answers.items()
        for row in questions.values()
    }


def without_added(form_choices: list[Json], answers: Json) -> Json:
    """The answers without the choice that the form added because the scale has none for 不了解.

    The scheme does not know the word; who chose it, or nothing, answered nothing.
    """
    added = {choice["word"] for choice in form_choices if choice.get("added")}
    if not added:
        return answers
    return {
        subject: {
            question: {word: number for word, number in row.items() if word not in added}
            for question, row in questions.items()
        }
        for subject, questions in answers.items()
    }
