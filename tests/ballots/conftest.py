"""One closed election for all tests of the ballot core, as it lies on disk after counting and scoring."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from surveys.ballots import signing
from surveys.ballots.bundle import Bundle
from surveys.ballots.counting import count_bundle, counts_file
from tests.kit.custodian import Custodian, custodian
from tests.kit.election import Election, closed_election, results_of, with_outcome


@pytest.fixture(scope="session")
def election() -> Election:
    return closed_election()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("election")


@pytest.fixture(scope="session")
def bundle(election: Election, folder: Path) -> Bundle:
    """Read, never written: whoever alters it writes a copy."""
    return election.write(folder / "bundle.zip")


@pytest.fixture(scope="session")
def counts_text(election: Election, bundle: Bundle) -> str:
    counts = counts_file(bundle, count_bundle(bundle, election.private))
    return json.dumps(signing.signed(counts, election.private, election.public))


@pytest.fixture
def counts(counts_text: str) -> dict[str, Any]:
    """A copy for each test."""
    found: dict[str, Any] = json.loads(counts_text)
    return found


@pytest.fixture(scope="session")
def scored(election: Election, counts_text: str) -> dict[str, bytes]:
    return results_of(election.public, json.loads(counts_text))


@pytest.fixture
def results(scored: dict[str, bytes]) -> dict[str, bytes]:
    """The files of the results; a copy for each test."""
    return dict(scored)


@pytest.fixture(scope="session")
def whole(bundle: Bundle, folder: Path, scored: dict[str, bytes]) -> Bundle:
    """The bundle with its results."""
    return with_outcome(bundle, folder / "whole.zip", scored)


@pytest.fixture(scope="session")
def forged(election: Election, folder: Path) -> Bundle:
    """The first ballot cast has the credential's signature of another."""
    first, second, *rest = election.casts
    casts = [replace(first, sig=second.sig), second, *rest]
    return replace(election, casts=casts).write(folder / "forged.zip")


@pytest.fixture(scope="session")
def offline() -> Iterator[Custodian]:
    """The modules of the custodian's page."""
    with custodian() as found:
        yield found
