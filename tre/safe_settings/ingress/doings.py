"""What code says that it would do: reach the network, start programs, make code, show pages."""

import re
from collections.abc import Iterator

from tre.safe_settings.ingress.passage import Passage
from tre.safe_settings.ingress.rules import Finding, found

DOINGS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (rule, what, re.compile(pattern))
    for rule, what, pattern in (
        (
            "network",
            "a module that asks the network",
            r"\b(?:(?:import|from)\b[\w\s,.]{0,80}?\b|(?:library|require)\(\s{0,4}[\"']?)(?:requests"
            r"|urllib\d?|http\.client|httpx|aiohttp"
            r"|socket|socketserver|ssl|ftplib|smtplib|telnetlib|paramiko|fabric"
            r"|websockets?|boto3|botocore"
            r"|s3fs|gcsfs|google\.cloud|azure|httr2?|RCurl|curl|xmlrpc|nntplib"
            r"|imaplib|poplib|asyncssh)\b",
        ),
        ("network", "an address", r"(?i)\b(?:https?|ftp|sftp|s3|gs|wss?|ssh|git)://\S"),
        (
            "network",
            "a program that asks the network",
            r"(?<![\w.-])(?:curl|wget|ssh|scp|rsync|nc|ncat|telnet)\s+[-\w/\"'$]",
        ),
        (
            "network",
            "a download",
            r"\b(?:download\.file|url\(|urlopen\(|urlretrieve\(|getURL\(|open_url\()",
        ),
        ("network", "a server", r"\b(?:http\.server|socketserver|app\.run\(|serve_forever)"),
        (
            "install",
            "an installation from an address or folder",
            r"\b(?:pip3?|conda|mamba|uv)\b.{0,40}\binstall\b.{0,200}(?:://|git\+"
            r"|--index-url|--extra-index-url|-i\s|-f\s|--find-links|\./|\.whl|\.tar)",
        ),
        (
            "install",
            "an installation from a repository",
            r"\b(?:install\.packages|install_github|remotes::|devtools::install"
            r"|pak::)",
        ),
        (
            "shell",
            "a line for the shell",
            r"^\s{0,40}(?:![^=]|%%?(?:bash|sh|script|cmd|system|sx|perl|ruby)\b)",
        ),
        (
            "shell",
            "a process",
            r"\b(?:subprocess|os\.(?:system|popen|exec[lv]p?e?|spawn\w{1,6}"
            r"|posix_spawn|fork)|pty\.spawn|system2?\(|shell\(|processx::|sys::exec)",
        ),
        (
            "shell",
            "a program of the database",
            r"(?i)\b(?:copy\b.{0,200}\bprogram\b|xp_cmdshell|install\s+httpfs"
            r"|load\s+httpfs)",
        ),
        (
            "native_code",
            "code or objects from bytes",
            r"\b(?:ctypes|cffi|marshal|dill|cloudpickle|shelve|dyn\.load|useDynLib"
            r"|LoadLibrary)\b|\b(?:pickle|joblib|torch|numpy\.lib|pd"
            r"|pandas)\.(?:loads?|read_pickle)\(|\ballow_pickle\s{0,4}=\s{0,4}True"
            r"|\breadRDS\(|\bunserialize\(",
        ),
        (
            "dynamic_code",
            "code that is made while running",
            r"(?<![\w.])(?:exec|eval|compile|execfile)\s{0,4}\("
            r"|\b__import__\s{0,4}\(|\bimport_module\s{0,4}\("
            r"|\beval\s{0,4}\(\s{0,4}parse|\b(?:__)?builtins(?:__)?\b|\bget_ipython\s{0,4}\(",
        ),
        (
            "dynamic_code",
            "a hook that changes what other code does",
            r"\bsys\.(?:meta_path|path_hooks|settrace|setprofile)\b|\b__loader__\b",
        ),
        (
            "rich_display",
            "HTML or JavaScript of its own",
            r"\b(?:HTML|Javascript|JavaScript|IFrame|display_html|display_javascript"
            r"|_repr_html_|_repr_javascript_)\b\s{0,4}\(?|\bipywidgets\b",
        ),
    )
)
"""What is looked for on every line of code: the rule, what it is, its form."""

_RUNS = re.compile(
    r"(?<![\w.])(?:exec|eval|compile)\s{0,4}\(|\bbuiltins\b|\beval\s{0,4}\(\s{0,4}parse"
)
_DECODES = re.compile(
    r"\b(?:[abAB](?:16|32|64|85)decode|unhexlify|fromhex|zlib\.decompress"
    r"|lzma\.decompress|bz2\.decompress"
    r"|gzip\.decompress|codecs\.decode|rot13|rot_13|base64decode|base64_dec"
    r"|memDecompress|marshal\.loads"
    r"|pickle\.loads|rawToChar|decodebytes|standard_b64decode|urlsafe_b64decode)\b"
)
_ACTIVE_CELL = re.compile(r"\s{0,99}%%(?:javascript|js|html|svg)\b", re.IGNORECASE)
_MARKUP = re.compile(
    r"(?i)<\s{0,4}/?\s{0,4}(?:script|iframe|frame|object|embed|applet|form"
    r"|input|button|link|meta|style|base"
    r"|svg|math|template|video|audio|source|portal)\b"
    r"|\bon[a-z]{3,20}\s{0,4}=\s{0,4}[\"']|javascript\s{0,4}:"
    r"|vbscript\s{0,4}:"
    r"|data\s{0,4}:\s{0,4}text/html"
)
_YAML_OBJECT = re.compile(
    r"!!?(?:python|ruby|java|javax)\b|!<|(?<![\w\"'.*&-])[&*][A-Za-z]\w{0,30}\b"
)


def check_doings(passage: Passage) -> Iterator[Finding]:
    """Find what code would do; of other text, only addresses."""
    wanted = DOINGS if passage.is_code else DOINGS[1:2]
    for number, line in passage.lines():
        for rule, what, pattern in wanted:
            if pattern.search(line):
                yield found(rule, what, line=number, cell=passage.cell)


def check_markup(passage: Passage) -> Iterator[Finding]:
    """Find cells and texts that would be active in their reader's page."""
    if passage.is_code:
        if match := _ACTIVE_CELL.match(passage.text):
            yield found("active_markup", f"a cell of {match.group().strip()}", cell=passage.cell)
        return
    for number, line in passage.lines():
        if _MARKUP.search(line):
            yield found("active_markup", "active markup", line=number, cell=passage.cell)


def check_decoded(passages: tuple[Passage, ...]) -> Iterator[Finding]:
    """Find a file that both decodes something and runs code that it makes."""
    code = [passage for passage in passages if passage.is_code]
    decoding = next((p for p in code if _DECODES.search(p.text)), None)
    running = next((p for p in code if _RUNS.search(p.text)), None)
    if decoding and running:
        match = _RUNS.search(running.text)
        line = running.line_at(match.start()) if match else None
        message = "code is made and run, in a file that decodes something"
        yield found("decoded_code", message, line=line, cell=running.cell)


def check_yaml(passage: Passage) -> Iterator[Finding]:
    """Find YAML that is more than plain values."""
    for number, line in passage.lines():
        if _YAML_OBJECT.search(line.partition(" #")[0]):
            yield found("yaml_objects", "an object, anchor or alias", line=number)
