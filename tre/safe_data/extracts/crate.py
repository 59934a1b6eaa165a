"""The provenance of an extract as an RO-Crate: from which linkages, by which transfers.

Source: RO-Crate 1.2 (https://w3id.org/ro/crate/1.2); actions after schema.org and PROV, as the
crate's profile for provenance of processes has them.
"""

from mimetypes import guess_type
from typing import Any

from tre.safe_data.extracts.manifest import ExtractTable, Manifest, Source
from tre.safe_data.linking.transfer import Transfer

FILE = "ro-crate-metadata.json"
_CRATE = "https://w3id.org/ro/crate/1.2"
_DONE = "http://schema.org/CompletedActionStatus"

Entity = dict[str, Any]


def provenance_crate(manifest: Manifest, beside: tuple[str, ...]) -> Entity:
    """The crate's metadata as plain values for JSON. beside: other files of the extract."""
    parties = dict.fromkeys(
        (manifest.place, *(name for t in manifest.transfers for name in (t.sender, t.receiver)))
    )
    places = {name: f"#party-{number}" for number, name in enumerate(parties, start=1)}
    sources = [_source(one) for one in manifest.sources]
    moved = [
        _transfer(number, transfer, places)
        for number, transfer in enumerate(manifest.transfers, start=1)
    ]
    return {
        "@context": f"{_CRATE}/context",
        "@graph": [
            {
                "@id": FILE,
                "@type": "CreativeWork",
                "about": {"@id": "./"},
                "conformsTo": {"@id": _CRATE},
            },
            _root(manifest, beside),
            *(_file(table) for table in manifest.tables),
            *({"@id": name, "@type": "File", "name": name} for name in beside),
            *sources,
            {
                "@id": "#extraction",
                "@type": "CreateAction",
                "name": "The project's extract is made, de-identified as its dictionary says",
                "agent": {"@id": places[manifest.place]},
                "endTime": manifest.made_on.isoformat(),
                "object": [{"@id": one["@id"]} for one in (*sources, *moved)],
                "result": [{"@id": table.file} for table in manifest.tables],
                "actionStatus": _DONE,
            },
            *moved,
            *({"@id": at, "@type": "Organization", "name": name} for name, at in places.items()),
        ],
    }


def _root(manifest: Manifest, beside: tuple[str, ...]) -> Entity:
    files = (*(table.file for table in manifest.tables), *beside)
    invented = (
        "Synthetic: nobody in it exists." if manifest.synthetic else "All data are simulated."
    )
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Extract of {manifest.project}, version {manifest.version}",
        "description": f"What the project was granted, and nothing else. {invented}",
        "identifier": f"{manifest.project}/{manifest.version}",
        "datePublished": manifest.made_on.isoformat(),
        "license": "For the project's accredited researchers inside the environment alone.",
        "hasPart": [{"@id": name} for name in files],
        "mentions": [{"@id": "#extraction"}],
    }


def _file(table: ExtractTable) -> Entity:
    return {
        "@id": table.file,
        "@type": "File",
        "name": table.name,
        "description": table.description,
        "encodingFormat": guess_type(table.file)[0] or "application/vnd.apache.parquet",
        "sha256": table.sha256,
    }


def _source(source: Source) -> Entity:
    return {
        "@id": f"#linkage-{source.linkage}-{source.version}",
        "@type": "Dataset",
        "name": f"Linkage {source.named()}",
        "identifier": f"{source.linkage}/{source.version}",
    }


def _transfer(number: int, transfer: Transfer, places: dict[str, str]) -> Entity:
    return {
        "@id": f"#transfer-{number}",
        "@type": "TransferAction",
        "name": transfer.purpose,
        "agent": {"@id": places[transfer.sender]},
        "recipient": {"@id": places[transfer.receiver]},
        "endTime": transfer.on.isoformat(),
        "description": (
            f"{transfer.rows:,} rows of {', '.join(transfer.columns)}; SHA-256 "
            f"{transfer.sha256}; {transfer.legal_basis}"
        ),
        "actionStatus": _DONE,
    }
