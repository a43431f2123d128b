"""What the README prints is what the product says."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def test_the_derivation_in_the_readme_is_what_the_command_prints() -> None:
    """YC-R10"""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("```text\n")[2].partition("```")[0]
    command = [sys.executable, "-m", "evaluations.scoring", "schemes/yuncheng-2023/example.yaml"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert shown
    assert shown in printed
