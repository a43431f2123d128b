"""A ballot box in one process, without Django: what the page talks to while it is developed.

python -m tests.ballots.hall 8310 — then open the address it prints.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from surveys.ballots import forms, slips
from tests.ballots import sample

STATIC = Path(__file__).parents[2] / "static"
PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>营商环境评价</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/ballot/voter.css"></head>
<body><main id="ballot" data-form-url="/v/form/{key}.json"
 data-trackers-url="/b/{survey}/trackers.json"><p>正在打开评价页面。</p></main>
<script src="/static/ballot/voter.js" defer></script></body></html>"""
CSP = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
TYPES = {".js": "text/javascript", ".css": "text/css"}


class Box:
    """Answers the page's requests; every answer is (status, JSON)."""

    def __init__(self, **size: int) -> None:
        self.public = sample.public(**size)
        self.codes = {slips.new_code(): "unused" for _ in range(20)}
        self.cast: list[dict[str, Any]] = []

    def page(self) -> dict[str, Any]:
        return {
            "format": 1,
            "public": self.public,
            "ballot": "interim",
            "open": True,
            "notice": "",
            "banners": ["演示数据，不作为评价结果"],
            "county": "示范县",
            "closes": "2026年9月30日18时",
            "allow_revote": True,
            "help": "如需帮助或改用纸质票，请联系现场工作人员。",
            "redeem_url": "/v/redeem",
            "cast_url": "/v/cast",
        }

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        key = path.removeprefix("/v/form/").removesuffix(".json")
        if key in [each["id"] for each in self.public["keys"]]:
            return 200, self.page()
        return 404, {"error": "unknown_key", "message": "没有这个票种，请核对凭条后重新输入。"}

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        state = self.codes.get(body["code"])
        if state is None:
            return 404, {"error": "unknown_code", "message": "没有这个投票码，请核对凭条后重新输入。"}
        if state == "used":
            return 409, {"error": "used", "message": "这张凭条已经用过，原来的评价有效，没有改动。"}
        self.codes[body["code"]] = "used"
        self.cast.append(body)
        return 200, {"tracker": ""}


def handler(box: Box) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """No access log, as in the real thing."""

        def reply(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
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
            else:
                status, answer = box.get(self.path)
                self.reply(status, json.dumps(answer).encode(), "application/json")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = box.post(self.path, body)
            self.reply(status, json.dumps(answer).encode(), "application/json")

    return Handler


def serve(box: Box, port: int = 0) -> ThreadingHTTPServer:
    return ThreadingHTTPServer(("127.0.0.1", port), handler(box))


if __name__ == "__main__":
    box = Box()
    fp = forms.fingerprint(box.public)
    for code in list(box.codes)[:3]:
        print(f"http://127.0.0.1:{sys.argv[1]}/v/#" + slips.slip_fragment(key_id="K7M2", code=code, fp=fp))
    serve(box, int(sys.argv[1])).serve_forever()
