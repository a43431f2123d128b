"""The inspectorate's computer that is not on the network."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from django.conf import settings


class Custodian:
    """The commands as they are typed there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        said = self.run("keygen").stdout.splitlines()
        line = next(line for line in said if "口令" in line and "只显示" in line)
        self.passphrase = line.split("　")[1].split("（")[0]

    def run(self, command: str, *arguments: str, key: bool = False) -> subprocess.CompletedProcess[str]:
        with_key = ["--key", "tally-key.json"] if key else []
        return subprocess.run(
            [sys.executable, "-m", f"surveys.ballots.{command}", *arguments, *with_key],
            cwd=self.folder,
            env={"PYTHONPATH": str(settings.BASE_DIR), "PATH": ""},
            input=f"{self.passphrase}\n" if key else None,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def public_key(self) -> bytes:
        return (self.folder / "tally-public.txt").read_bytes()

    def answer(self, challenge: str) -> str:
        return self.run("keygen", f"--answer={challenge}", key=True).stdout.splitlines()[0].split("　")[1]

    def count(self, bundle: bytes) -> bytes:
        """Count a bundle, each one only once: the counts follow from it."""
        name = sha256(bundle).hexdigest()
        counts = self.folder / f"{name}.json"
        if not counts.exists():
            (self.folder / f"{name}.zip").write_bytes(bundle)
            done = self.run("tally", f"{name}.zip", "--out", counts.name, key=True)
            assert done.returncode == 0, done.stderr
        return counts.read_bytes()

    def verify(self, bundle: bytes, *posted: str, key: bool = True) -> str:
        """What the verifier says of a bundle of results that holds."""
        (self.folder / "verify.zip").write_bytes(bundle)
        verdict = self.run("verify", "verify.zip", *posted, key=key)
        assert verdict.returncode == 0, verdict.stdout + verdict.stderr
        return verdict.stdout
