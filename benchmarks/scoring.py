"""How long scoring takes, against the bare arithmetic of the same means in the same run.

    python -m benchmarks.scoring            10, 100 and 1,000 subjects of every scheme
    python -m benchmarks.scoring --full     10,000 as well (for 三亮 that is 180,000 persons)

Figures are processor time, the best of a few runs; ratios hold better across machines than
milliseconds. "Bare" is plain Python on
the same counts: sums, one division, floats, no checks, no grades, no reasons.
"""

import argparse
import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from evaluations.scoring import facts_from, load_scheme, parse_scheme, scheme_ids, score_round
from evaluations.scoring.example import example
from evaluations.scoring.loading import Policy

PERSONS = 18
COUNTY = 24


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring")
    parser.add_argument("--full", action="store_true", help="10,000 subjects as well")
    sizes = [10, 100, 1000, *([10_000] if parser.parse_args().full else [])]
    print("Loading a scheme (aim: under 20 ms)")
    for scheme in scheme_ids():
        print(f"  {scheme:22} {_load_time(scheme) * 1000:8.1f} ms")
    print(f"\nOne county: {COUNTY} departments, {COUNTY * PERSONS} persons (aim: under 50 ms)")
    _row(load_scheme("yuncheng-2023"), COUNTY)
    print("\nGrowth")
    for scheme in scheme_ids():
        for size in sizes:
            _row(load_scheme(scheme), size)


def _row(policy: Policy, size: int) -> None:
    data = subjects(policy, size)
    runs = 5 if size <= COUNTY else 1
    checking, facts = _best(lambda: facts_from(data, policy), runs)
    scoring, outcome = _best(lambda: score_round(policy, facts), runs)
    writing, _ = _best(outcome.to_json, runs)
    bare, _ = _best(lambda: list(bare_means(policy, data)), runs)
    each = scoring / size * 1e6
    print(
        f"  {policy.id:22} {size:6} subjects   check {checking * 1000:9.1f}   score {scoring * 1000:9.1f}"
        f"   to JSON {writing * 1000:9.1f} ms   {each:7.1f} µs each   {scoring / bare:6.1f} × bare"
    )


def _best(work: Callable[[], Any], runs: int) -> tuple[float, Any]:
    best, result = float("inf"), None
    for _ in range(runs):
        gc.collect()
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def _load_time(scheme: str) -> float:
    text = Path(load_scheme(scheme).file).read_text(encoding="utf-8")
    return _best(lambda: parse_scheme(text), 5)[0]


def subjects(policy: Policy, size: int) -> dict[str, Any]:
    """Facts of so many subjects, each a little different, made from the scheme's example."""
    data = example(policy)
    models = list(data["subjects"].values())
    return data | {"subjects": {f"s{at}": _varied(models[at % len(models)], at) for at in range(size)}}


def _varied(model: dict[str, Any], at: int) -> dict[str, Any]:
    found = model | {"answers": _shifted(model.get("answers", {}), at)}
    if "members" in model:
        leaders = {key: one for key, one in model["members"].items() if not one["answers"]}
        rated = [one for one in model["members"].values() if one["answers"]]
        found["members"] = leaders | {
            f"p{n}": rated[n % len(rated)]
            | {"answers": _shifted(_overall(rated[n % len(rated)]["answers"]), at + n)}
            for n in range(PERSONS - len(leaders))
        }
    return found


def _overall(answers: dict[str, Any]) -> dict[str, Any]:
    """One question per person, as 三亮 asks by default."""
    return {source: dict([next(iter(questions.items()))]) for source, questions in answers.items()}


def _shifted(answers: dict[str, Any], by: int) -> dict[str, Any]:
    return {
        source: {
            question: {word: count + (by * (n + 3)) % 7 for n, (word, count) in enumerate(counts.items())}
            for question, counts in questions.items()
        }
        for source, questions in answers.items()
    }


def bare_means(policy: Policy, data: dict[str, Any]) -> Iterator[float]:
    """The same means and sums, and nothing else."""
    values = {
        word: float(value)
        for scale in policy.defaults.answer_scales.values()
        for word, value in scale.choices.items()
    }
    for subject in data["subjects"].values():
        persons = [
            _mean(one["answers"], values) for one in subject.get("members", {}).values() if one["answers"]
        ]
        total = sum(persons) / len(persons) if persons else 0.0
        total += _mean(subject.get("answers", {}), values)
        for marks in subject.get("marks", {}).values():
            total += sum(map(float, marks)) / len(marks) if isinstance(marks, list) else float(marks)
        yield total - sum(subject.get("occurrences", {}).values())


def _mean(answers: dict[str, Any], values: dict[str, float]) -> float:
    means = []
    for questions in answers.values():
        for counts in questions.values():
            points = valid = 0.0
            for word, count in counts.items():
                if word in values:
                    points += values[word] * count
                    valid += count
            means.append(points / valid)
    return sum(means) / len(means) if means else 0.0


if __name__ == "__main__":
    main()
