"""Reads answers (source → question → choice → count) and checks every name against the scheme."""

from typing import Any

from evaluations.scoring.facts import Answers, Counts, in_order
from evaluations.scoring.reading.cursor import MOST, Reader
from evaluations.scoring.steps.step import AnswerNeed, Level
from office.definitions.faults import Path


def read_answers(reader: Reader, node: Any, path: Path, level: Level | None) -> Answers:
    if node is None:
        return {}
    known = {source: need for (of, source), need in reader.words.answers.items() if level in (None, of)}
    found: Answers = {}
    for source, questions in reader.mapping(node, path).items():
        if reader.one_of(source, (*path, source), known, "source of answers", "sources"):
            found[source] = _questions(reader, questions, (*path, source), known[source])
    return found


def _questions(reader: Reader, node: Any, path: Path, need: AnswerNeed) -> dict[str, Counts]:
    choices = reader.scheme.answer_scales[need.scale].words
    found: dict[str, Counts] = {}
    for question, counts in in_order(reader.mapping(node, path), need.questions).items():
        here = (*path, question)
        if not need.others and not reader.one_of(question, here, need.questions, "question"):
            continue
        found[question] = row = {}
        for choice, count in reader.mapping(counts, here).items():
            if choice not in choices:
                reader.fault((*here, choice), f"no such choice; choices are {'、'.join(choices)}")
            elif type(count) is int and 0 <= count <= MOST:
                row[choice] = count
            else:
                row[choice] = reader.count(count, (*here, choice))
    return found


def read_by_stratum(reader: Reader, node: Any, path: Path, level: Level | None) -> dict[str, Answers]:
    if node is None:
        return {}
    strata = reader.strata()
    by_stratum = reader.mapping(node, path)
    place = {stratum: at for at, stratum in enumerate(strata)}
    keys = sorted(by_stratum, key=lambda key: (place.get(key.split("+")[0], len(place)), key))
    found: dict[str, Answers] = {}
    taken: dict[str, str] = {}
    for key in keys:
        here = (*path, key)
        for stratum in key.split("+"):
            if not reader.one_of(stratum, here, strata, "stratum", "strata"):
                continue
            if stratum in taken:
                reader.fault(here, f"{stratum} stands here and in {taken[stratum]}; give each stratum once")
            taken[stratum] = key
        found[key] = read_answers(reader, by_stratum[key], here, level)
    return found
