"""Calls the modules of the custodian's page, so that both sides are asked the same."""

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


class Refusal(Exception):  # noqa: N818 - what the page says, not an error of it
    """What the page refuses, in its own words."""


class Custodian:
    """The page's modules in a process of their own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, module: str, call: str, *arguments: object) -> Any:
        """Call `frontend/src/custodian/<module>.js`; bytes and paths go and come as such. Raises Refusal."""
        request = {"module": module, "call": call, "args": [_given(one) for one in arguments]}
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "fault" in answer:
            raise Refusal(answer["fault"])
        assert "value" in answer or answer == {}, answer
        return _told(answer.get("value"))


@contextmanager
def custodian() -> Iterator[Custodian]:
    path = f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"  # node of the development requirements
    command = ["node", str(ROOT / "frontend/test/kit/bridge.mjs")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PATH": path}
    ) as process:
        yield Custodian(process)
        process.kill()


def _given(value: object) -> object:
    if isinstance(value, bytes):
        return {"b64": base64.b64encode(value).decode()}
    if isinstance(value, Path):
        return {"path": str(value)}
    if isinstance(value, (list, tuple)):
        return [_given(one) for one in value]
    if isinstance(value, dict):
        return {name: _given(one) for name, one in value.items()}
    return value


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return (
            base64.b64decode(value["b64"])
            if set(value) == {"b64"}
            else {name: _told(one) for name, one in value.items()}
        )
    return [_told(one) for one in value] if isinstance(value, list) else value
