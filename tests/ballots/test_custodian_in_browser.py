"""The key in Chromium without a network: with WebAssembly, with a policy that refuses it, and without any."""

import base64
import json
import os
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from surveys.ballots import keyfile
from surveys.ballots.sealing import seal
from tests.kit.browser import DESK, open_page

pytestmark = pytest.mark.journey
ROOT = Path(__file__).resolve().parents[2]
POLICY = "default-src 'none'; script-src 'sha256-{hash}'{wasm}; worker-src blob:; connect-src 'none'"
PRIVATE = keyfile.new_private_key()
PHRASE = keyfile.new_passphrase()
BALLOT = b"\x01" * 8000

WORK = """
async ({ file, phrase, sealed }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (symbol) => symbol.charCodeAt(0));
  const base64 = (found) => btoa(String.fromCharCode(...found));
  await keys.ready();
  const opened = await keys.apart("unlock", file, phrase);
  const refused = await keys.apart("unlock", file, "x").catch((fault) => fault.message);
  const made = keys.newPrivateKey();
  const locked = await keys.apart("lock", made, phrase, false);
  const plain = keys.openSealed(bytes(sealed), keys.publicKey(opened), opened);
  const signature = keys.sign(keys.countsSeed(opened), plain);
  return {
    quick: keys.isQuick(), opened: base64(opened), refused, made: base64(made), plain: base64(plain),
    text: keys.keyFileText(locked), sheet: keys.recoverySheet(made),
    holds: keys.signatureHolds(keys.countsKey(opened), plain, signature),
  };
}
"""


@pytest.fixture(scope="module")
def script() -> str:
    path = f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"  # node of the development requirements
    command = ["node", str(ROOT / "frontend/test/kit/bundled.mjs"), "keys.entry.js"]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "PATH": path}
    ).stdout


def saved(folder: Path, script: str, wasm: str) -> Path:
    """A page as a browser opens it from a stick, with the script inside and its hash in the policy."""
    shown = base64.b64encode(sha256(script.encode()).digest()).decode()
    policy = POLICY.format(hash=shown, wasm=wasm)
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
    page = folder / "keys.html"
    page.write_text(f"<!doctype html>{head}<script>{script}</script>", encoding="utf-8")
    return page


def work(page: Page) -> dict[str, Any]:
    sealed = seal(BALLOT, keyfile.public_key(PRIVATE))
    file = keyfile.lock(PRIVATE, PHRASE, strong=False)
    given = {"file": file, "phrase": PHRASE, "sealed": base64.b64encode(sealed).decode()}
    found: dict[str, Any] = page.evaluate(WORK, given)
    return found


ALLOWED, REFUSED, ABSENT = " 'wasm-unsafe-eval'", "", "delete self.WebAssembly;"
WAYS = {"allowed": (ALLOWED, "", True), "refused": (REFUSED, "", False), "absent": (ALLOWED, ABSENT, False)}


@pytest.mark.parametrize("way", WAYS)
def test_the_key_is_made_and_opened_in_a_worker_with_and_without_webassembly(
    chromium: Browser, tmp_path: Path, script: str, way: str
) -> None:
    wasm, before, quick = WAYS[way]
    with open_page(chromium, "", DESK) as page:
        page.goto(saved(tmp_path, before + script, wasm).as_uri())
        found = work(page)
    made = base64.b64decode(found["made"])
    assert found["quick"] is quick
    assert found["holds"] is True
    assert base64.b64decode(found["opened"]) == PRIVATE
    assert base64.b64decode(found["plain"]) == BALLOT
    assert found["refused"] == "口令不正确，请核对后重新输入。密钥文件没有改动。"
    assert keyfile.unlock(json.loads(found["text"]), PHRASE) == made
    assert keyfile.recovery_lines(made)[0] in found["sheet"]
