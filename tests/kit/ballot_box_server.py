"""A ballot box in one process, without Django: what the page talks to in its own tests.

python -m tests.kit.ballot_box_server 8310 — then open the address it prints.
"""

import gzip
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from surveys.ballots import blindrsa, casting, credentials, forms, slips
from surveys.ballots.encoding import to_b64
from surveys.ballots.sealing import Opener
from tests.kit import ballot_form
from tests.kit.issuer import issuer_key, moduli

STATIC = Path(__file__).parents[2] / "static"
PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>营商环境评价</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/ballot/voter.css"></head>
<body><main id="ballot" data-form-url="/v/form/{key}.json"
 data-trackers-url="/b/{survey}/trackers.bin"><p>正在打开评价页面。</p></main>
<script src="/static/ballot/check.js"></script>
<script src="/static/ballot/early.js" async fetchpriority="high"></script>
<script src="/static/ballot/voter.js" defer></script></body></html>"""
CSP = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
TYPES = {".js": "text/javascript", ".css": "text/css"}
Answer = tuple[int, dict[str, Any]]

UNKNOWN = 404, {"error": "unknown_code", "message": "没有这个投票码，请核对凭条后重新输入。"}
USED = 409, {"error": "used", "message": "这张凭条已在另一个浏览器或应用中打开。"}
STALE = 409, {"error": "stale", "message": "您已提交过较新的选票，以较新的为准。"}
UNKNOWN_KEY = 404, {"error": "unknown_key", "message": "没有这个票种，请核对凭条后重新输入。"}
NOT_YET = 404, {"error": "not_published", "message": "名单在评价结束后公布，请届时再查。"}
BUSY = 503, {"error": "busy", "message": "现在提交的人较多，内容没有丢失，请稍后再试。"}


class Box:
    """Issuer and ballot box of one sealed survey; every answer is (status, JSON)."""

    ballot = "sealed"  # of no effect; a test lies with it

    def __init__(self, asked: dict[str, Any] | None = None, **size: int) -> None:
        self.seed = credentials.new_box_key()
        self.opener = Opener(b"t" * 32)
        self.public = ballot_form.public(
            keys=moduli("K7M2", "M8QW"),
            tally_key=self.opener.public_key,
            box_key=credentials.box_public_key(self.seed),
            asked=asked,
            **size,
        )
        self.photos: dict[str, Any] = {}
        self.asked: list[str] = []
        self.checker = casting.Checker(self.public)
        self.codes = {slips.new_code(): b"" for _ in range(20)}
        self.cast: dict[bytes, casting.Cast] = {}
        self.trackers: list[str] | None = None
        self.requests: list[str] = []
        self.loses_reply_to = ""  # an address; the next reply of it alone

    def link(self, code: str = "", fp: str | None = None, key: str = "K7M2") -> str:
        """The address on a slip: of the first one unless told otherwise."""
        code = code or next(iter(self.codes))
        fp = forms.fingerprint(self.public) if fp is None else fp
        return "/v/#" + slips.slip_fragment(key_id=key, code=code, fp=fp)

    def page(self) -> dict[str, Any]:
        return {
            "format": 1,
            "public": self.public,
            "ballot": self.ballot,
            "open": self.trackers is None,
            "over": self.trackers is not None,
            "notice": "本轮评价已于9月30日结束。" if self.trackers is not None else "",
            "banners": ["演示数据，不作为评价结果"],
            "county": "示范县",
            "closes": "2026年9月30日18时",
            "allow_revote": True,
            "help": "如需帮助或改用纸质票，请联系现场工作人员。",
            "redeem_url": "/v/redeem",
            "cast_url": "/v/cast",
        }

    def get(self, path: str) -> Answer:
        self.asked.append(path)
        if path.endswith("/trackers.bin"):
            return NOT_YET
        if path.startswith("/v/photos/"):
            return 200, self.photos
        key = path.removeprefix("/v/form/").removesuffix(".json")
        return (200, self.page()) if key in ("K7M2", "M8QW") else UNKNOWN_KEY

    def post(self, path: str, body: dict[str, Any]) -> Answer:
        self.requests.append(path)
        answer = self.redeem(body) if path == "/v/redeem" else self.take(body)
        if self.loses_reply_to == path:
            self.loses_reply_to = ""
            return BUSY
        return answer

    def redeem(self, body: dict[str, Any]) -> Answer:
        asked = casting.read_redeem(body)
        mark = sha256(asked.blinded).digest()
        if asked.code not in self.codes:
            return UNKNOWN
        if self.codes[asked.code] not in (b"", mark):
            return USED
        self.codes[asked.code] = mark
        return 200, {"blind_sig": to_b64(blindrsa.blind_sign(issuer_key(asked.key_id), asked.blinded))}

    def take(self, body: dict[str, Any]) -> Answer:
        cast = casting.read_cast(body, sealed_length=self.checker.layout.sealed_length)
        fault = self.checker.fault(cast)
        if fault:
            return 400, {"error": "bad_ballot", "message": f"票面验证未通过（{fault}）。"}
        stored = self.cast.get(cast.credential, cast)
        fate = casting.replaces(
            stored_seq=stored.seq, stored_sealed=stored.sealed, cast=cast, allow_revote=True
        )
        if fate == "stale":
            return STALE
        self.cast[cast.credential] = cast
        receipt = credentials.receipt(self.seed, self.public["survey"], cast.tracker)
        return 200, {"tracker": cast.tracker, "receipt": to_b64(receipt)}

    def opened(self) -> list[tuple[bytes, list[Any]]]:
        """Every ballot in the box, opened as the custodian would."""
        found = []
        for cast in self.cast.values():
            fp = forms.form_hash(self.public)
            inside = credentials.binding(self.public["survey"], fp, cast.credential, cast.seq)
            found.append(self.checker.layout.read(self.opener.open(cast.sealed), inside))
        return found


def handler(box: Box) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """No access log, as in the real thing."""

        def reply(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                content = gzip.compress(content)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", CSP)
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            if self.path == "/v/":
                self.reply(200, PAGE.encode(), "text/html")
            elif self.path.startswith("/static/ballot/"):
                file = STATIC / "ballot" / Path(self.path).name
                self.reply(200, file.read_bytes(), TYPES[file.suffix])
            elif self.path == "/favicon.ico":
                self.reply(204, b"", "image/x-icon")
            elif self.path.endswith("/trackers.bin") and box.trackers is not None:
                rows = [bytes.fromhex(tracker)[:16] for tracker in box.trackers]
                self.reply(200, b"".join(rows), "application/octet-stream")
            else:
                status, answer = box.get(self.path)
                self.reply(status, json.dumps(answer).encode(), "application/json")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = box.post(self.path, body)
            self.reply(status, json.dumps(answer).encode(), "application/json")

    return Handler


@contextmanager
def serving(box: Box) -> Iterator[str]:
    """The address of a running server of the box."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(box)) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


if __name__ == "__main__":
    demo = Box()
    for code in list(demo.codes)[:3]:
        print(f"http://127.0.0.1:{sys.argv[1]}{demo.link(code)}")
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), handler(demo)).serve_forever()
