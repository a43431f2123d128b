"""Firefox without a window, driven over its own Marionette protocol: the house needs no other driver."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

OFFLINE = {
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": True,
    "browser.download.always_ask_before_handling_new_types": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "marionette.port": 0,
    "network.dns.disabled": True,
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_port": 9,  # nobody listens there: whatever wants the network fails
    "toolkit.telemetry.enabled": False,
}
# Text is awaited by what changes in the page, not by a clock.
APPEARS = """const [text, done] = arguments;
const there = () => document.body.innerText.includes(text);
if (there()) return done(true);
new MutationObserver((_, watch) => { if (there()) { watch.disconnect(); done(true); } })
  .observe(document.body, {childList: true, subtree: true, characterData: true});"""
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
LONGEST = 120_000  # milliseconds


def program() -> str | None:
    return os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One window."""

    def __init__(self, port: int) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.answers = self.connection.makefile("rb")
        self.number = 0
        self._read()  # says who it is
        self.call("WebDriver:NewSession")
        self.call("WebDriver:SetTimeouts", script=LONGEST, pageLoad=LONGEST)

    def _read(self) -> Any:
        length = b""
        while (byte := self.answers.read(1)) != b":":
            length += byte
        return json.loads(self.answers.read(int(length)))

    def call(self, name: str, **given: object) -> Any:
        self.number += 1
        message = json.dumps([0, self.number, name, given]).encode()
        self.connection.sendall(b"%d:%b" % (len(message), message))
        _, _, fault, found = self._read()
        assert fault is None, fault
        return found

    def open(self, address: str) -> None:
        self.call("WebDriver:Navigate", url=address)

    def run(self, script: str, *given: object) -> Any:
        return self.call("WebDriver:ExecuteScript", script=script, args=list(given))["value"]

    def wait_for(self, text: str) -> None:
        self.call("WebDriver:ExecuteAsyncScript", script=APPEARS, args=[text])

    def find(self, path: str) -> str:
        found = self.call("WebDriver:FindElement", using="xpath", value=path)
        return str(found["value"][ELEMENT])

    def click(self, button: str) -> None:
        self.call(
            "WebDriver:ElementClick", id=self.find(f"//button[starts-with(normalize-space(.), '{button}')]")
        )

    def fill(self, label: str, text: str) -> None:
        """Type into a field, or name a file to it."""
        field = self.find(f"//*[@id=//label[starts-with(., '{label}')]/@for]")
        self.call("WebDriver:ElementSendKeys", id=field, text=text)

    def check(self, label: str) -> None:
        self.call("WebDriver:ElementClick", id=self.find(f"//label[contains(., '{label}')]"))


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """Without a network; what is saved lies in the folder."""
    profile = folder / "profile"
    profile.mkdir()
    wanted = {**OFFLINE, "browser.download.dir": str(folder)}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in wanted.items()]
    (profile / "user.js").write_text("\n".join(lines))
    command = [str(program()), "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "HOME": str(folder)},
    ) as process:
        assert process.stdout
        listening = (re.search(r"Listening on port (\d+)", line) for line in process.stdout)
        yield Firefox(int(next(found for found in listening if found)[1]))
        process.kill()
