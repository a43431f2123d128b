"""How long scoring takes, against the bare arithmetic of the same means in the same run.

    python -m benchmarks.scoring            10, 100 and 1,000 subjects of every scheme
    python -m benchmarks.scoring --full     10,000 as well (for 三亮 that is 180,000 persons)
    python -m benchmarks.scoring --files    only the same facts read as YAML and as JSON

Figures are processor time, the best of a few runs; ratios hold better across machines than
milliseconds. "Bare" is plain Python on
the same counts: sums, one division, floats, no checks, no grades, no reasons.
"""

import argparse
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from evaluations.scoring import facts_from, load_scheme, parse_scheme, scheme_ids, score_round
from evaluations.scoring.example import example
from evaluations.scoring.facts_file import open_facts
from evaluations.scoring.loading import Policy

PERSONS = 18
COUNTY = 24
FILE_PERSONS = 28_000


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring")
    parser.add_argument("--full", action="store_true", help="10,000 subjects as well")
    parser.add_argument("--files", action="store_true", help="only facts as files")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.read:
        _read(chosen.read)
        return
    _files(load_scheme("yuncheng-2023"))
    if chosen.files:
        return
    sizes = [10, 100, 1000, *([10_000] if chosen.full else [])]
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


def _files(policy: Policy) -> None:
    """The same facts as JSON, as YAML by lines and with answers in brackets, each read in a process."""
    data = json.loads(json.dumps(subjects(policy, FILE_PERSONS // PERSONS + 1), default=str))
    persons = sum(len(one["members"]) for one in data["subjects"].values())
    print(f"\nReading a file of {persons} persons: seconds, highest memory (aim: YAML within 3 × JSON)")
    written = {
        "facts.json": json.dumps(data, ensure_ascii=False),
        "facts.yaml": _dumped(data, flow=False),
        "facts-in-brackets.yaml": _dumped(data, flow=None),
    }
    with TemporaryDirectory() as folder:
        for name, text in written.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        taken = {name: _taken(Path(folder) / name) for name in written}
    seconds, memory = taken["facts.json"]
    for name, (its_seconds, its_memory) in taken.items():
        print(
            f"  {name:24} {its_seconds:6.2f} s {its_memory:6.0f} MB"
            f"   {its_seconds / seconds:5.2f} × the time, {its_memory / memory:4.2f} × the memory"
        )
    print()


class _Plain(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _dumped(data: Any, *, flow: bool | None) -> str:
    text: str = yaml.dump(
        data, Dumper=_Plain, default_flow_style=flow, allow_unicode=True, sort_keys=False, width=1000
    )
    return text


def _taken(file: Path) -> tuple[float, float]:
    """The best seconds and megabytes of three processes."""
    command = [sys.executable, "-m", "benchmarks.scoring", "--read", str(file)]
    runs = [
        tuple(map(float, subprocess.run(command, check=True, capture_output=True).stdout.split()))
        for _ in range(3)
    ]
    return min(run[0] for run in runs), min(run[1] for run in runs)


def _read(file: Path) -> None:
    start = time.process_time()
    open_facts(file)
    seconds = time.process_time() - start
    status = Path("/proc/self/status").read_text(encoding="utf-8")  # what getrusage says is the parent's, too
    print(seconds, int(status.partition("VmHWM:")[2].split()[0]) / 1024)


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
