"""A released request described as an RO-Crate, shaped as the Five Safes profile asks.

Source: Five Safes RO-Crate 0.4 (https://w3id.org/5s-crate/0.4). Staff appear by role alone.
"""

from collections.abc import Mapping
from mimetypes import guess_type
from typing import Any
from urllib.parse import quote

from tre.safe_outputs.release_request import ReleaseRequest

PROFILE = "https://w3id.org/5s-crate/0.4"
CRATE = "https://w3id.org/ro/crate/1.2"
COMPLETED = "http://schema.org/CompletedActionStatus"
DISCLOSURE_CHECK = "https://w3id.org/shp#DisclosureCheck"
SIGN_OFF = "https://w3id.org/shp#SignOff"

Entity = dict[str, Any]


def describe(
    request: ReleaseRequest, files: Mapping[str, tuple[str, int]], record: Mapping[str, Any]
) -> Entity:
    """Write the crate's metadata as plain values for JSON.

    files: path in the crate → (SHA-256, bytes). record: the disclosure record, of which
    `project_title`, `author_name`, `author_organisation` and `released_at` are used where given.
    """
    return {
        "@context": f"{CRATE}/context",
        "@graph": [
            _descriptor(),
            _root(request, files, record),
            {"@id": PROFILE, "@type": "Profile", "name": "Five Safes RO-Crate profile"},
            *(_file(path, *about) for path, about in files.items()),
            *_who(request, record),
            *_what_happened(request, files, record),
        ],
    }


def _descriptor() -> Entity:
    return {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": _ref("./"),
        "conformsTo": _ref(CRATE),
    }


def _root(
    request: ReleaseRequest, files: Mapping[str, tuple[str, int]], record: Mapping[str, Any]
) -> Entity:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": request.title,
        "description": "Results released from a trusted research environment after a disclosure "
        "check. They were made in an interactive session, so no workflow crate is the main "
        "entity. All data are simulated.",
        "identifier": f"release-{request.id}",
        "datePublished": _released_at(request, record),
        "license": "See the data owners' conditions in disclosure-record.json.",
        "conformsTo": _ref(PROFILE),
        "hasPart": [_ref(quote(path)) for path in files],
        "mentions": [_ref("#analysis"), _ref("#disclosure-check"), _ref("#sign-off")],
        "sourceOrganization": _ref(f"#project-{request.project}"),
        "publisher": _ref("#environment"),
    }


def _file(path: str, sha256: str, size_bytes: int) -> Entity:
    return {
        "@id": quote(path),
        "@type": "File",
        "name": path.rsplit("/", 1)[-1],
        "encodingFormat": guess_type(path, strict=False)[0] or "application/octet-stream",
        "contentSize": str(size_bytes),
        "sha256": sha256,
    }


def _who(request: ReleaseRequest, record: Mapping[str, Any]) -> list[Entity]:
    project = f"#project-{request.project}"
    return [
        {"@id": "#environment", "@type": "Organization", "name": "Trusted research environment"},
        {
            "@id": project,
            "@type": "Project",
            "name": str(record.get("project_title") or request.project),
            "identifier": request.project,
        },
        {
            "@id": "#author",
            "@type": "Person",
            "name": str(record.get("author_name") or request.author),
            "affiliation": _ref("#organisation"),
            "memberOf": _ref(project),
        },
        {
            "@id": "#organisation",
            "@type": "Organization",
            "name": str(record.get("author_organisation") or "not recorded"),
        },
        {"@id": "#output-checkers", "@type": "Organization", "name": "Output checkers"},
    ]


def _what_happened(
    request: ReleaseRequest, files: Mapping[str, tuple[str, int]], record: Mapping[str, Any]
) -> list[Entity]:
    reviews = [r.submitted_at.isoformat() for r in request.reviews if r.turn == request.turn]
    asked = request.submitted_at or request.created_at
    released = _released_at(request, record)
    results = [_ref(quote(path)) for path in files if path.startswith("files/")]
    return [
        {
            "@id": "#analysis",
            "@type": "CreateAction",
            "name": f"Analysis behind request {request.id}",
            "agent": _ref("#author"),
            "endTime": asked.isoformat(),
            "result": results,
            "actionStatus": COMPLETED,
        },
        {
            "@id": "#disclosure-check",
            "@type": "AssessAction",
            "additionalType": _ref(DISCLOSURE_CHECK),
            "name": f"Disclosure check by {len(set(reviews))} output checkers: approved",
            "agent": _ref("#output-checkers"),
            "startTime": asked.isoformat(),
            "endTime": max(reviews, default=released),
            "object": results,
            "instrument": _ref("disclosure-record.json"),
            "actionStatus": COMPLETED,
        },
        {
            "@id": "#sign-off",
            "@type": "AssessAction",
            "additionalType": _ref(SIGN_OFF),
            "name": "Release by the environment after the checks held again",
            "agent": _ref("#environment"),
            "endTime": released,
            "object": _ref("./"),
            "actionStatus": COMPLETED,
        },
    ]


def _released_at(request: ReleaseRequest, record: Mapping[str, Any]) -> str:
    return str(record.get("released_at") or request.created_at.isoformat())


def _ref(name: str) -> Entity:
    return {"@id": name}
