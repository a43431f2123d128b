"""Reading the environment: every setting that differs between counties comes from there."""

import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

TRUE_WORDS = {"1", "true", "yes", "on"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    given = text(name)
    return given.lower() in TRUE_WORDS if given else default


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def host_names(name: str) -> list[str]:
    """The names of hosts, also where somebody wrote whole addresses or a port with them."""
    given = (word if "//" in word else f"//{word}" for word in words(name))
    found = [urlsplit(word).hostname or "" for word in given]
    return [f"[{host}]" if ":" in host else host for host in found if host]


def secret(name: str, default: str = "") -> str:
    """The variable, else the content of the file that NAME_FILE names (secrets of containers)."""
    if value := text(name):
        return value
    path = text(f"{name}_FILE")
    return Path(path).read_text().strip() if path else default


def secret_key(keys_dir: Path, *, formerly: Path) -> str:
    """SECRET_KEY or SECRET_KEY_FILE, else a key made once and kept with the keys.

    One that an earlier version kept in the folder `formerly` moves there.
    """
    if key := secret("SECRET_KEY"):
        return key
    kept = keys_dir / "secret-key"
    if not kept.exists():
        keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            (formerly / "secret-key").replace(kept)
    if not kept.exists():
        fresh = keys_dir / f"secret-key.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # another process was first: its key holds
            os.link(fresh, kept)
        fresh.unlink()
    return kept.read_text().strip()
