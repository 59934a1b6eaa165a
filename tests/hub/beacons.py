"""Outputs that try to call out of the researcher's browser, and a listener that hears them."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WAYS = {
    # Markup that loads by itself.
    "img": "<img src='{L}/img'>",
    "srcset": "<img srcset='{L}/srcset 1x'>",
    "picture": "<picture><source srcset='{L}/picture'><img></picture>",
    "svg-image": "<svg width=9 height=9><image href='{L}/svg-image' width=9 height=9 /></svg>",
    "video": "<video src='{L}/video' autoplay></video>",
    "poster": "<video poster='{L}/poster'></video>",
    "audio": "<audio src='{L}/audio' autoplay></audio>",
    "iframe": "<iframe src='{L}/iframe'></iframe>",
    "srcdoc": '<iframe srcdoc="<img src={L}/srcdoc>"></iframe>',
    "object": "<object data='{L}/object'></object>",
    "embed": "<embed src='{L}/embed'>",
    "input-image": "<input type=image src='{L}/input-image'>",
    # Style sheets.
    "stylesheet": "<link rel=stylesheet href='{L}/stylesheet'>",
    "import": "<style>@import url({L}/import);</style>",
    "css-url": "<div style='background: url({L}/css-url)'>x</div>",
    "font": "<style>@font-face {{font-family: f; src: url({L}/font)}}</style>"
    "<p style='font-family: f'>x</p>",
    # Hints.
    "preload": "<link rel=preload as=image href='{L}/preload'>",
    "prefetch": "<link rel=prefetch href='{L}/prefetch'>",
    "modulepreload": "<link rel=modulepreload href='{L}/modulepreload'>",
    # Scripts.
    "script": "<script src='{L}/script'></script>",
    "js-image": "<script>new Image().src = '{L}/js-image'</script>",
    "fetch": "<script>fetch('{L}/fetch', {{mode: 'no-cors'}}).catch(() => 0)</script>",
    "xhr": "<script>(x => {{x.open('GET', '{L}/xhr'); x.send()}})(new XMLHttpRequest())</script>",
    "beacon": "<script>navigator.sendBeacon('{L}/beacon', 'x')</script>",
    "event-source": "<script>new EventSource('{L}/event-source')</script>",
    "websocket": "<script>new WebSocket('{W}/websocket')</script>",
    "dynamic-import": "<script>import('{L}/dynamic-import').catch(() => 0)</script>",
    "worker": "<script>new Worker(URL.createObjectURL(new Blob(["
    '\'fetch("{L}/worker", {{mode: "no-cors"}})\'])))</script>',
    "import-scripts": "<script>new Worker(URL.createObjectURL(new Blob(["
    "'importScripts(\"{L}/import-scripts\")'])))</script>",
    "blob-frame": "<script>(f => {{f.src = URL.createObjectURL(new Blob(["
    "'<img src={L}/blob-frame>'], {{type: 'text/html'}})); document.documentElement.append(f)}})"
    "(document.createElement('iframe'))</script>",
    # What a click would do, clicked by the script itself.
    "ping": "<a id=ping href='#' ping='{L}/ping'>x</a><script>"
    "document.getElementById('ping').click()</script>",
    "blank": "<a id=blank href='{L}/blank' target=_blank>x</a><script>"
    "document.getElementById('blank').click()</script>",
    "open": "<script>window.open('{L}/open')</script>",
    "form": "<form id=form action='{L}/form' target=_blank></form><script>"
    "document.getElementById('form').submit()</script>",
    "form-frame": "<iframe name=inner></iframe><form id=form2 action='{L}/form-frame'"
    " target=inner></form><script>document.getElementById('form2').submit()</script>",
}
"""By name: HTML in which {L} is the listener's address, {W} the same for WebSockets."""

DOWNLOAD = (
    "<a id=save download=table.csv>x</a><script>document.getElementById('save').href ="
    " URL.createObjectURL(new Blob(['a,b']));document.getElementById('save').click()</script>"
)

LEAVING = {
    "location": "<script>setTimeout(() => location.href = '{L}/location', 100)</script>",
    "meta": "<meta http-equiv=refresh content='0;url={L}/meta'>",
}
"""Going to another page, which no policy of a page can forbid."""


def written(markup: str, address: str) -> str:
    return markup.format(L=address, W=address.replace("http", "ws", 1))


class Listener:
    """Remembers the first part of every path that anybody asks for, and serves one page."""

    def __init__(self):
        self.heard: list[str] = []
        self.page = ""
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.split("?")[0].strip("/")
                listener.heard.append(name)
                body = listener.page.encode() if name == "page" else b""
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format, *args):  # noqa: A002 - as http.server has it
                pass

        for method in ("POST", "HEAD", "OPTIONS"):
            setattr(Handler, f"do_{method}", Handler.do_GET)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def listening():
    listener = Listener()
    thread = threading.Thread(target=listener.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        listener.server.shutdown()
        listener.server.server_close()
        thread.join()
