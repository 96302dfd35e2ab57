"""A real server on this machine, honest or not, for a folder of a hall's files."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from guildhall.log.leaf import format_time, multihash, parse_leaf
from guildhall.log.segments import decode_segment
from unit.log import plain
from unit.log.verify.halls import FileList, leaf_hashes, listing


@dataclass
class Answer:
    """One answer of the server; headers may say what they like."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Respond = Answer | Callable[[], Answer]


@dataclass
class Site:
    """A hall that answers: its files, and for some paths something else. `asked` has the paths that were asked for."""

    folder: Path
    address: str = ""
    answers: dict[str, Respond] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def list_address(self, path: str) -> str:
        return f"{self.address}registers/{path}/"

    def lists(self, *lists: FileList) -> None:
        """Answer for these lists what a hall works out: the list of lists, histories and proofs."""
        self.answers["/registers/?format=json"] = Answer(listing(*(one.path for one in lists)))
        for one in lists:
            self._answer_for(one)

    def _answer_for(self, one: FileList) -> None:
        base = f"/registers/{one.path}"
        histories: dict[str, list[dict[str, object]]] = {}
        hashes = leaf_hashes(one)
        for leaf in one.entries:
            entry = parse_leaf(leaf)
            told = {
                "entry-number": entry.number,
                "entry-timestamp": format_time(entry.time),
                "key": entry.key,
                "blob-hash": multihash(entry.digest),
            }
            histories.setdefault(entry.key, []).append(told)
            self.answers[f"{base}/proofs/entry/{entry.number}/{len(hashes)}"] = partial(_proof, entry.number, hashes)
        for key, history in histories.items():
            self.answers[f"{base}/records/{key}/entries"] = Answer(json.dumps(history).encode())

    def answer(self, target: str) -> Answer:
        path = unquote(urlsplit(target).path)
        self.asked.append(path)
        segments = path.split("/")
        if segments[-1] == "entries" and "records" in segments:
            path = "/".join([*segments[:-2], decode_segment(segments[-2]), "entries"])
        query = urlsplit(target).query
        found = self.answers.get(f"{path}?{query}" if query else path)
        if found is not None:
            return found() if callable(found) else found
        file = self.folder / path.lstrip("/")
        return Answer(file.read_bytes()) if file.is_file() else Answer(status=404)


def _proof(number: int, hashes: list[bytes]) -> Answer:
    path = [multihash(step) for step in plain.audit_path(number - 1, hashes)]
    return Answer(json.dumps({"total-entries": len(hashes), "audit-path": path}).encode())


@contextmanager
def serve(folder: Path) -> Iterator[Site]:
    site = Site(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            answer = site.answer(self.path)
            self.send_response(answer.status)
            for name, value in ({"Content-Length": str(len(answer.body))} | dict(answer.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
