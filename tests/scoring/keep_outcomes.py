"""python -m tests.scoring.keep_outcomes — keep what the present engine writes, for `test_agreement`.

To be run when `outcome.ENGINE` has risen, and before a release; folders of earlier engines stay as they are.
"""

import json
from pathlib import Path

from evaluations.scoring import load_scheme, scheme_ids, score_facts
from evaluations.scoring.example import example
from evaluations.scoring.outcome import ENGINE

FOLDER = Path(__file__).parent / "released" / f"engine-{ENGINE}"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for scheme in scheme_ids():
        policy = load_scheme(scheme)
        facts = example(policy)
        kept = {"facts": facts, "outcome": score_facts(policy, facts)}
        (FOLDER / f"{scheme}.yaml").write_text(
            Path(policy.file).read_text(encoding="utf-8"), encoding="utf-8"
        )
        text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        (FOLDER / f"{scheme}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
