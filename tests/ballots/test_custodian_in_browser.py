"""The key in Chromium without a network: with WebAssembly, with a policy that refuses it, and without any."""

import base64
import json
import os
import subprocess
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

import nacl.bindings
import nacl.public
import pytest
from playwright.sync_api import Browser, Page

from surveys.ballots import keyfile
from surveys.ballots.sealing import Opener, Spoiled, seal
from tests.kit.browser import DESK, open_page

pytestmark = pytest.mark.journey
ROOT = Path(__file__).resolve().parents[2]
POLICY = "default-src 'none'; script-src 'sha256-{hash}'{wasm}; worker-src blob:; connect-src 'none'"
PRIVATE = keyfile.new_private_key()
PHRASE = keyfile.new_passphrase()
BALLOT = b"\x01" * 8000

WORK = """
async ({ file, phrase, sealed, boxes }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (symbol) => symbol.charCodeAt(0));
  const base64 = (found) => btoa(String.fromCharCode(...found));
  await keys.ready();
  const opened = await keys.apart("unlock", file, phrase);
  const refused = await keys.unlock(file, "x").catch((fault) => fault.message);
  const made = keys.newPrivateKey();
  const locked = await keys.lock(made, phrase, false);
  const open = (box) => keys.openSealed(bytes(box), keys.publicKey(opened), opened);
  const plain = open(sealed);
  const signature = keys.sign(keys.countsSeed(opened), plain);
  return {
    boxes: boxes.map((box) => open(box)).map((one) => one && base64(one)),
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


SECRET_OF_NONE = bytes.fromhex("351f86faa3b988468a850122b65b0acece9c4826806aeee63de9c0da2bd7f91e")
"""What two keys agree on where one has small order: such a box can be written by anybody."""
SMALL = ["00" * 32, "01" + "00" * 31, "ec" + "ff" * 30 + "7f", "ed" + "ff" * 30 + "7f"]
SMALL += ["e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"]


def odd_boxes() -> list[bytes]:
    """Sealed boxes as no page makes them."""
    public, sender = keyfile.public_key(PRIVATE), nacl.public.PrivateKey.generate()
    above = bytearray(bytes(sender.public_key))
    above[31] |= 0x80  # the same point in another spelling
    boxes = []
    for name, secret in [
        (bytes(above), bytes(nacl.public.Box(sender, nacl.public.PublicKey(public)).shared_key())),
        *((bytes.fromhex(point), SECRET_OF_NONE) for point in SMALL),
    ]:
        nonce = blake2b(name + public, digest_size=24).digest()
        boxes.append(name + nacl.bindings.crypto_box_afternm(b"odd", nonce, secret))
    honest = seal(b"", public)
    return [*boxes, honest, honest[:-1], honest[:47], b"", bytes([honest[0] ^ 1]) + honest[1:]]


def opened(box: bytes) -> str | None:
    try:
        return base64.b64encode(Opener(PRIVATE).open(box)).decode()
    except Spoiled:
        return None


def work(page: Page, boxes: list[bytes]) -> dict[str, Any]:
    sealed = seal(BALLOT, keyfile.public_key(PRIVATE))
    file = keyfile.lock(PRIVATE, PHRASE, strong=False)
    sent = [base64.b64encode(box).decode() for box in (sealed, *boxes)]
    given = {"file": file, "phrase": PHRASE, "sealed": sent[0], "boxes": sent[1:]}
    found: dict[str, Any] = page.evaluate(WORK, given)
    return found


ALLOWED, REFUSED, ABSENT = " 'wasm-unsafe-eval'", "", "delete self.WebAssembly;"
WAYS = {"allowed": (ALLOWED, "", True), "refused": (REFUSED, "", False), "absent": (ALLOWED, ABSENT, False)}


@pytest.mark.parametrize("way", WAYS)
def test_the_key_is_made_and_opened_in_a_worker_with_and_without_webassembly(
    chromium: Browser, tmp_path: Path, script: str, way: str
) -> None:
    wasm, before, quick = WAYS[way]
    boxes = odd_boxes()
    with open_page(chromium, "", DESK) as page:
        page.goto(saved(tmp_path, before + script, wasm).as_uri())
        found = work(page, boxes)
    made = base64.b64decode(found["made"])
    assert found["quick"] is quick
    assert found["holds"] is True
    assert found["boxes"] == [opened(box) for box in boxes] == ["b2Rk", *[None] * 5, "", *[None] * 4]
    assert base64.b64decode(found["opened"]) == PRIVATE
    assert base64.b64decode(found["plain"]) == BALLOT
    assert found["refused"] == "口令不正确，请核对后重新输入。密钥文件没有改动。"
    assert keyfile.unlock(json.loads(found["text"]), PHRASE) == made
    assert keyfile.recovery_lines(made)[0] in found["sheet"]
