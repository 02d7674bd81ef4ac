"""The preview: parallel pages on an address of this machine, which reload when files change.

It answers requests that were sent to this machine by name, and with nothing but its own pages: what
a request names is looked up among them, never on the disk.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote, urlsplit

from pipeline.errors import PipelineError, reason
from pipeline.model import Finding
from pipeline.outputs.page.safe import escape
from pipeline.pages import RefusedError, preview_page
from pipeline.project import Post, Project, bcp47
from pipeline.wording import Message, _, told
from pipeline.workspace import read_source, select_posts, target_locales

ADDRESS = "127.0.0.1"
_PATIENCE = 20.0
"""Seconds that a page waits for a change before it asks again."""
_SCRIPT = """\
(async()=>{for(;;){try{const r=await fetch("/changes?after=%d");\
if(r.status===200){location.reload();return}}\
catch{await new Promise(done=>setTimeout(done,1000))}}})()"""
_PLAIN = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<link rel="icon" href="data:,"><meta name="color-scheme" content="light dark">
<body><h1>{title}</h1>{body}<script>{script}</script></body></html>
"""


class Preview:
    """The pages of a project; ``refresh`` tells those that are open that something has changed."""

    def __init__(self, project: Project) -> None:
        self._changed = threading.Condition()
        self._version = 0
        self._project = project
        self._stopped = False

    def refresh(self, project: Project) -> None:
        """Show the project as it is now."""
        with self._changed:
            self._project = project
            self._version += 1
            self._changed.notify_all()

    def stop(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def has_changed(self, version: int) -> bool:
        """Wait a while for something newer than ``version``; tell whether there is."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._version > version, _PATIENCE)
            return self._version > version

    def page(self, path: str) -> str | None:
        """Return the page at a path of the address, ``None`` where there is none."""
        version, project = self._version, self._project
        script = _SCRIPT % version
        try:
            places = dict(_places(project))
            if path == "/":
                return _index(places, script)
            if path not in places:
                return None
            return preview_page(project, *places[path], script)
        except RefusedError as error:
            lines = (_said(finding) for finding in error.findings)
            return _plain(_("Not built"), f"<ul>{''.join(lines)}</ul>", script)
        except PipelineError as error:
            return _plain(_("Not built"), f"<p>{escape(error.told())}</p>", script)


def _places(project: Project) -> Iterator[tuple[str, tuple[Post, str]]]:
    for post in select_posts(project):
        for locale in target_locales(project, read_source(project, post)):
            yield f"/{bcp47(locale)}/{post.stem}.html", (post, locale)


def _index(places: Mapping[str, object], script: str) -> str:
    rows = (f'<li><a href="{escape(quote(path))}">{escape(path[1:])}</a>' for path in places)
    return _plain("Diglot", f"<ul>{''.join(rows)}</ul>", script)


def _plain(title: str, body: str, script: str) -> str:
    return _PLAIN.format(title=title, body=body, script=script)


def _said(finding: Finding) -> str:
    return f"<li>{escape(f'{finding.path}:{finding.line}: {told(finding.message)}')}"


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server_version = "Diglot"
    sys_version = ""

    def __init__(self, preview: Preview, *arguments: object) -> None:
        self._preview = preview
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Send a page, or say when there is something new."""
        if not self._is_for_us():
            self._send(HTTPStatus.FORBIDDEN, "text/plain", "This address is for this machine only.")
            return
        url = urlsplit(self.path)
        if url.path == "/changes":
            self._wait(parse_qs(url.query).get("after", ["0"])[0])
            return
        page = self._preview.page(unquote(url.path))
        if page is None:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", "There is no such page.")
        else:
            self._send(HTTPStatus.OK, "text/html", page)

    def _is_for_us(self) -> bool:
        """Tell whether the request names this machine: another name may be anybody's trick."""
        host = self.headers.get("Host", "").rpartition(":")[0]
        origin = self.headers.get("Origin")
        ours = host in (ADDRESS, "localhost")
        return ours and (origin is None or urlsplit(origin).hostname in (ADDRESS, "localhost"))

    def _wait(self, after: str) -> None:
        changed = self._preview.has_changed(int(after) if after.isdecimal() else 0)
        if changed:
            self._send(HTTPStatus.OK, "application/json", json.dumps(True))
        else:
            self._send(HTTPStatus.NO_CONTENT, "text/plain", "")

    def _send(self, status: HTTPStatus, kind: str, content: str) -> None:
        data = content.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "DENY")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing of requests."""


class _Server(ThreadingHTTPServer):
    """Answers on this machine alone; a page that was closed meanwhile is no error."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over a connection that has gone."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def serving(preview: Preview, port: int) -> Iterator[str]:
    """Serve the preview on this machine; give its address.

    Raises:
        PipelineError: the port is taken.
    """
    try:
        server = _Server((ADDRESS, port), partial(_Handler, preview))
    except OSError as error:
        what = Message("port {port} cannot be used: {reason}", port=port, reason=reason(error))
        raise PipelineError(
            what, hint=Message("Name another one with --port; 0 takes any.")
        ) from error
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
    ).start()
    try:
        yield f"http://{ADDRESS}:{server.server_port}/"
    finally:
        preview.stop()
        server.shutdown()
        server.server_close()
