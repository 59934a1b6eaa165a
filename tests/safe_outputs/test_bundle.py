"""The signed release: exactly the reviewed bytes, and no byte of it can change unseen."""

import errno
import hashlib
import io
import json
import os
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rocrate.rocrate import ROCrate

from tests.safe_outputs.requests import a_file, a_request
from tre.safe_outputs.bundle import (
    BundleError,
    VerifyResult,
    fingerprint,
    safe_name,
    verify_bundle,
    write_bundle,
)
from tre.safe_outputs.release_request import FileKind, ReleaseRequest, Review, State

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CSV = b"sex,value\nFemale,120\nMale,80\n"
RECORD = {
    "policy": {"name": "srs", "hash": "ab"},
    "project_title": "Early-onset psychosis and attainment",
    "author_name": "Ada Mensah",
    "author_organisation": "King's College London",
    "released_at": "2026-10-05T12:00:00+00:00",
}


def released(**changes: bytes) -> tuple[ReleaseRequest, dict[str, bytes]]:
    files = {"table.csv": CSV, "figures/plot é.svg": b"<svg/>"} | changes
    request = a_request(
        state=State.APPROVED,
        files=tuple(
            a_file(id=number, name=name, sha256=hashlib.sha256(content).hexdigest())
            for number, (name, content) in enumerate(files.items(), 1)
        ),
        reviews=(
            Review(reviewer="cora", turn=1, submitted_at=datetime(2026, 10, 2, 9, tzinfo=UTC)),
            Review(reviewer="deniz", turn=1, submitted_at=datetime(2026, 10, 2, 15, tzinfo=UTC)),
        ),
    )
    return request, files


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    request, files = released()
    return write_bundle(request, files, RECORD, KEY, tmp_path)


def test_a_bundle_holds_the_outputs_the_record_the_crate_and_the_signature(bundle: Path):
    with zipfile.ZipFile(bundle) as archive:
        assert archive.namelist() == [
            "files/figures/plot é.svg",
            "files/table.csv",
            "disclosure-record.json",
            "ro-crate-metadata.json",
            "signature.json",
        ]
        assert archive.read("files/table.csv") == CSV
        assert json.loads(archive.read("disclosure-record.json")) == RECORD


def test_a_fresh_bundle_is_whole_and_says_who_signed_it(bundle: Path):
    assert verify_bundle(bundle, KEY.public_key()) == VerifyResult(
        whole=True,
        problems=(),
        signed_by=fingerprint(KEY.public_key()),
        files=("files/figures/plot é.svg", "files/table.csv"),
    )


def test_without_a_key_the_bundle_s_own_is_named_for_comparing(bundle: Path):
    result = verify_bundle(bundle)
    assert result.whole
    assert result.signed_by == fingerprint(KEY.public_key())


def test_the_same_release_gives_the_same_bytes(bundle: Path, tmp_path: Path):
    request, files = released()
    (tmp_path / "again").mkdir()
    again = write_bundle(request, files, RECORD, KEY, tmp_path / "again")
    assert again.read_bytes() == bundle.read_bytes()


def test_no_single_byte_of_a_bundle_can_change_unseen(tmp_path: Path):
    request = a_request(files=(a_file(name="a", sha256=hashlib.sha256(b"1").hexdigest()),))
    whole = write_bundle(request, {"a": b"1"}, {}, KEY, tmp_path).read_bytes()
    changed = tmp_path / "changed.zip"
    for place in range(len(whole)):
        changed.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert not verify_bundle(changed, KEY.public_key()).whole, place


def packed(bundle: Path, changes: dict[str, bytes | None]) -> Path:
    """Pack a bundle again with other contents; None leaves an entry out."""
    with zipfile.ZipFile(bundle) as archive:
        contents: dict[str, bytes | None] = {n: archive.read(n) for n in archive.namelist()}
    other = bundle.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, content in (contents | changes).items():
            if content is not None:
                archive.writestr(name, content)
    return other


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"files/table.csv": CSV.replace(b"80", b"81")}, "files/table.csv has been changed"),
        ({"files/table.csv": None}, "files/table.csv is missing"),
        ({"files/more.csv": b"x"}, "files/more.csv was added"),
        ({"disclosure-record.json": b"{}"}, "disclosure-record.json has been changed"),
        ({}, "the archive around the files has been changed or packed again"),
        ({"signature.json": b"[]"}, "this is not a release bundle"),
        ({"signature.json": b'{"public_key": "AA=="}'}, "this is not a release bundle"),
        ({"signature.json": None}, "this is not a release bundle"),
    ],
)
def test_a_bundle_packed_again_says_what_was_changed(bundle: Path, changes, problem: str):
    result = verify_bundle(packed(bundle, changes), KEY.public_key())
    assert not result.whole
    assert problem in result.problems[0]


def test_an_entry_that_is_there_twice_is_seen(bundle: Path):
    with zipfile.ZipFile(bundle, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("files/table.csv", CSV)
    assert not verify_bundle(bundle).whole


def test_a_compressed_bundle_is_not_unfolded(bundle: Path):
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("signature.json", b"0" * 10**6)
    assert not verify_bundle(bundle).whole


def test_a_bundle_signed_by_somebody_else_is_refused(bundle: Path, tmp_path: Path):
    request, files = released()
    (tmp_path / "forged").mkdir()
    forged = write_bundle(request, files, RECORD, Ed25519PrivateKey.generate(), tmp_path / "forged")
    result = verify_bundle(forged, KEY.public_key())
    assert result.problems == (
        "it is signed with another key than the environment's",
        "the signature does not fit what is signed",
    )


def test_a_signature_over_something_else_is_refused(bundle: Path):
    with zipfile.ZipFile(bundle) as archive:
        signature = json.loads(archive.read("signature.json"))
    signature["signed"]["request"] = 13
    other = packed(bundle, {"signature.json": json.dumps(signature).encode()})
    assert verify_bundle(other).problems == ("the signature does not fit what is signed",)


@pytest.mark.parametrize("content", [None, b"", b"PK\x05\x06", b"no zip at all" * 50])
def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path, content: bytes | None):
    path = tmp_path / "x.zip"
    if content is not None:
        path.write_bytes(content)
    result = verify_bundle(path)
    assert not result.whole
    assert result.signed_by == ""


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"table.csv": CSV + b" "}, "is not what was reviewed"),
        ({"table.csv": CSV, "more.csv": b""}, "missing or too many: more.csv"),
        ({}, "missing or too many: table.csv"),
    ],
)
def test_bytes_that_were_not_reviewed_are_not_written(tmp_path: Path, files, sentence: str):
    request = a_request(files=(a_file(sha256=hashlib.sha256(CSV).hexdigest()),))
    with pytest.raises(BundleError, match=sentence):
        write_bundle(request, files, RECORD, KEY, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_rejected_and_supporting_files_are_never_in_it(tmp_path: Path):
    request = a_request(
        files=(
            a_file(sha256=hashlib.sha256(CSV).hexdigest()),
            a_file(id=2, name="raw.csv", kind=FileKind.SUPPORTING),
        )
    )
    with pytest.raises(BundleError, match=r"raw\.csv"):
        write_bundle(request, {"table.csv": CSV, "raw.csv": b""}, RECORD, KEY, tmp_path)


def test_a_request_without_outputs_gives_no_bundle(tmp_path: Path):
    with pytest.raises(BundleError, match="at least one output"):
        write_bundle(a_request(files=()), {}, RECORD, KEY, tmp_path)


def test_two_outputs_of_one_name_give_no_bundle(tmp_path: Path):
    request = a_request(files=(a_file(id=1), a_file(id=2)))
    with pytest.raises(BundleError, match="a name of its own"):
        write_bundle(request, {"table.csv": CSV}, RECORD, KEY, tmp_path)


def test_a_name_that_leads_out_of_the_folder_is_not_written(tmp_path: Path):
    name = "../table.csv"
    request = a_request(files=(a_file(name=name, sha256=hashlib.sha256(CSV).hexdigest()),))
    with pytest.raises(BundleError, match="no name that can be released"):
        write_bundle(request, {name: CSV}, RECORD, KEY, tmp_path)


@pytest.mark.parametrize("name", ["table.csv", "a/b c/Tabelle ä (2).csv", "x" * 200])
def test_ordinary_names_are_safe(name: str):
    assert safe_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", "x" * 201, "/etc/passwd", "../x", "a/../x", "a//b", "a/", "./a", ".ssh", "a/.b"),
        *("a\\b", "c:x", "a\nb", "a\u202eb", "nul", "COM1.txt", "a.", "a ", " a", "a\x00", "."),
    ],
)
def test_names_that_do_harm_when_unpacked_are_not(name: str):
    assert not safe_name(name)


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path):
    request, files = released()

    def full_disk(descriptor: int, content: memoryview) -> int:
        if os.fstat(descriptor).st_size > 100:
            raise OSError(errno.ENOSPC, "no room")
        return os.write(descriptor, content[:60])

    with pytest.raises(BundleError, match=r"is full: release-12\.zip needs [\d,]+ bytes"):
        write_bundle(request, files, RECORD, KEY, tmp_path, write=full_disk)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_an_earlier_bundle_as_it_was(bundle: Path):
    before = bundle.read_bytes()
    request, files = released()

    def full_disk(descriptor: int, content: memoryview) -> int:
        raise OSError(errno.EDQUOT, "no room")

    with pytest.raises(BundleError, match="is full"):
        write_bundle(request, files, {}, KEY, bundle.parent, write=full_disk)
    assert bundle.read_bytes() == before


def test_a_folder_that_is_not_there_is_said(tmp_path: Path):
    request, files = released()
    with pytest.raises(BundleError, match="No such file or directory"):
        write_bundle(request, files, RECORD, KEY, tmp_path / "gone")


def test_a_disk_that_takes_a_little_at_a_time_still_gets_everything(tmp_path: Path):
    request, files = released()
    path = write_bundle(
        request, files, RECORD, KEY, tmp_path, write=lambda fd, content: os.write(fd, content[:7])
    )
    assert verify_bundle(path, KEY.public_key()).whole


def test_the_crate_opens_with_rocrate_and_names_the_disclosure_check(bundle: Path, tmp_path: Path):
    with zipfile.ZipFile(io.BytesIO(bundle.read_bytes())) as archive:
        archive.extractall(tmp_path / "open")
    crate = ROCrate(tmp_path / "open")
    assert crate.root_dataset["conformsTo"].id == "https://w3id.org/5s-crate/0.4"
    assert {e.id for e in crate.data_entities} == {
        "files/figures/plot%20%C3%A9.svg",
        "files/table.csv",
        "disclosure-record.json",
    }
    check = crate.dereference("#disclosure-check")
    assert check is not None
    assert check.type == "AssessAction"
    assert check["additionalType"] == "https://w3id.org/shp#DisclosureCheck"
    assert check["endTime"] == "2026-10-02T15:00:00+00:00"
    assert check["name"] == "Disclosure check by 2 output checkers: approved"
    assert [e.id for e in check["object"]] == [
        "files/figures/plot%20%C3%A9.svg",
        "files/table.csv",
    ]


def test_the_crate_names_its_author_and_no_checker(bundle: Path):
    with zipfile.ZipFile(bundle) as archive:
        crate = archive.read("ro-crate-metadata.json").decode()
    assert "Ada Mensah" in crate
    assert "cora" not in crate
    assert "deniz" not in crate


def test_the_crate_does_with_a_bare_record(tmp_path: Path):
    request, files = released()
    request = replace(request, submitted_at=None, reviews=())
    path = write_bundle(request, files, {}, KEY, tmp_path)
    with zipfile.ZipFile(path) as archive:
        graph = json.loads(archive.read("ro-crate-metadata.json"))["@graph"]
    root = next(entity for entity in graph if entity["@id"] == "./")
    assert root["datePublished"] == "2026-10-01T09:00:00+00:00"
