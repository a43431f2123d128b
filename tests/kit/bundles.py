"""Bundles that somebody altered, and what is found wrong with them."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from surveys.ballots import credentials, forms
from surveys.ballots.bundle import Bundle, BundleFault
from surveys.ballots.control import Control
from surveys.ballots.controls import controls
from tests.kit.election import SEED

Files = dict[str, bytes]
Change = Callable[[Files, dict[str, Any]], Any]


def files_of(bundle: Bundle) -> Files:
    return {name: bundle.read(name) for name in (*bundle.files, "manifest.json", "manifest.sig")}


def as_folder(files: Files, folder: Path) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def altered(bundle: Bundle, folder: Path, change: Change) -> Path:
    """The bundle as a folder, its files or its manifest changed by somebody without the box's key."""
    files = files_of(bundle)
    manifest = json.loads(bundle.manifest_bytes)
    change(files, manifest)
    if manifest != bundle.manifest:
        text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        files["manifest.json"] = text.encode()
    return as_folder(files, folder)


def with_ballots_turned_round(bundle: Bundle, folder: Path) -> Path:
    return altered(bundle, folder, lambda files, _: files.update({"ballots.bin": files["ballots.bin"][::-1]}))


def altered_and_signed(bundle: Bundle, folder: Path, change: Change) -> Bundle:
    """The bundle changed by whoever holds the box's key: hashes and signature fit again."""
    files = {name: bundle.read(name) for name in bundle.files}
    manifest = json.loads(bundle.manifest_bytes)
    change(files, manifest)
    manifest["files"] = {name: sha256(content).hexdigest() for name, content in files.items()}
    text = forms.canonical(manifest).encode()
    signature = credentials.sign_manifest(SEED, bundle.survey, text)
    found = Bundle(as_folder({**files, "manifest.json": text, "manifest.sig": signature}, folder))
    assert found.faults() == []
    return found


def faults(path: Path) -> list[str]:
    """What is wrong with the files, however early it shows."""
    try:
        return Bundle(path).faults()
    except BundleFault as fault:
        return [str(fault)]


def broken(bundle: Bundle) -> list[Control]:
    return [control for control in controls(bundle) if not control.holds]
