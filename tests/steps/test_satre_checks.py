"""Every check of the self-assessment holds on a world in order, and fails on a planted wrong."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import delete, insert, update

from tests.clock import FakeClock
from tests.demo import Demo
from tests.demo_people import ENDED, STUDY
from tests.steps.test_ingress import bring
from tests.store.test_ledger import lower_the_guards, raise_the_guards
from tre.config import Config
from tre.safe_outputs.bundle import RECORD
from tre.steps.accept_code import accept_code
from tre.steps.assess import MOST_SAID, assess
from tre.steps.assessing.checks import CHECKS
from tre.steps.attack_suite import end_attacks
from tre.steps.checkpoint_ledger import checkpoint_ledger
from tre.steps.end_project import end_project
from tre.steps.start_session import start_session
from tre.steps.tre import SYSTEM, open_tre
from tre.store import people_tables, project_tables, tables

Plant = Callable[[Demo], object]


@pytest.fixture(scope="module")
def home_in_order(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world at work in which nothing is wrong: a session, a release, code, an end, attacks."""
    home = tmp_path_factory.mktemp("in-order") / "home"
    shutil.copytree(demo_home, home)
    clock = FakeClock()
    tre = open_tre(Config(home=home), now=clock)
    demo = Demo(tre, clock)
    start_session(demo.tre, "ada", STUDY)
    demo.released()
    accept_code(demo.tre, "cora", bring(demo), [1])
    end_project(demo.tre, "mia", ENDED, "It was over long ago.")
    end_attacks(demo.tre, "mia", {"held": 100, "held in part": 9, "open": 0})
    checkpoint_ledger(demo.tre, SYSTEM)
    tre.close()
    return home


@pytest.fixture
def in_order(home_in_order: Path, tmp_path: Path, clock: FakeClock) -> Iterator[Demo]:
    """A copy of it, open, to spoil."""
    home = tmp_path / "home"
    shutil.copytree(home_in_order, home)
    tre = open_tre(Config(home=home), now=clock)
    yield Demo(tre, clock)
    tre.close()


def change(demo: Demo, *statements) -> None:
    with demo.tre.store.writing() as changed:
        for statement in statements:
            changed.connection.execute(statement)


def home(demo: Demo) -> Path:
    return demo.tre.config.home


def people(person: str = "ada", **values) -> Plant:
    chosen = tables.people.c.id == person
    return lambda demo: change(demo, update(tables.people).where(chosen).values(**values))


def study(**values) -> Plant:
    chosen = tables.projects.c.id == STUDY
    return lambda demo: change(demo, update(tables.projects).where(chosen).values(**values))


def same_secret(demo: Demo) -> None:
    of_both = tables.credentials.c.person.in_(["ada", "bola"])
    change(demo, update(tables.credentials).where(of_both).values(totp_secret="A" * 32))


WEAKLY = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$kLFpqeEGzIFBkmUdS5BGpA"


def password_kept(kept: str) -> Plant:
    of_ada = tables.credentials.c.person == "ada"
    statement = update(tables.credentials).where(of_ada).values(password_hash=kept)
    return lambda demo: change(demo, statement)


def settings(line: str) -> Plant:
    return lambda demo: (home(demo) / "tre.toml").write_text(line + "\n")


def key(name: str, content: str | None) -> Plant:
    """Another content of a key, or none."""

    def spoilt(demo: Demo) -> None:
        file = home(demo) / "keys" / name
        if content is None:
            file.unlink()
        else:
            file.write_text(content)

    return spoilt


def of_files(**values) -> Plant:
    return lambda demo: change(demo, update(tables.request_files).values(**values))


def granted(*names: str) -> Plant:
    values = {"variables": list(names)}
    return lambda demo: change(demo, update(tables.granted_datasets).values(**values))


def also(role: str) -> Plant:
    return lambda demo: change(demo, insert(tables.person_roles).values(person="omar", role=role))


def letter_given_up(demo: Demo) -> None:
    values = {
        **dict.fromkeys(("address", "subject", "text", "failure"), "x"),
        "person": "ada",
        "written_at": demo.clock(),
        "tries": 9,
    }
    change(demo, insert(people_tables.mail).values(values))


def sanction_without_a_word(demo: Demo) -> None:
    values = {"person": "ada", "since": date(2026, 1, 1), "reason": "x"}
    change(demo, insert(tables.sanctions).values(values))


def vote_of_a_member(demo: Demo) -> None:
    said = {"round": 1, "kind": "vote", "text": "yes", "details": {}, "at": demo.clock()}
    row = {"project": STUDY, "person": "bola", **said}
    change(demo, insert(project_tables.project_judgements).values(row))


def advised_by_the_panel(demo: Demo) -> None:
    for kind in ("advice", "vote"):
        said = {"round": 1, "kind": kind, "text": "yes", "details": {}, "at": demo.clock()}
        row = {"project": STUDY, "person": "cora", **said}
        change(demo, insert(project_tables.project_judgements).values(row))


def answers_to_a_change(*people: str, member: str | None = None) -> Plant:
    """An answer to a change by each of them."""

    def answered(demo: Demo) -> None:
        word = {"at": demo.clock().isoformat(), "choice": "approve", "reasons": "Yes."}
        row = {
            "project": STUDY,
            "kind": "add a member",
            "state": "made",
            "proposed_by": "ada",
            "proposed_at": demo.clock(),
            "reason": "She knows the methods.",
            "what": {"member": member, "asked": None, "until": None},
            "words": [{**word, "person": one, "conditions": [], "variables": []} for one in people],
        }
        change(demo, insert(project_tables.project_changes).values(row))

    return answered


def extract_of_the_ended(demo: Demo) -> None:
    shutil.copytree(demo.extract, demo.tre.folders.extracts(ENDED) / "2026-02-20-1")


def stray_wheel(demo: Demo) -> None:
    (home(demo) / "packages").mkdir(exist_ok=True)
    (home(demo) / "packages" / "evil-1-py3-none-any.whl").write_bytes(b"x")


def accepted_by(person: str) -> Plant:
    return lambda demo: change(demo, update(tables.ingress_files).values(decided_by=person))


def transfer(**missing) -> Plant:
    whole = {
        **dict.fromkeys(("linkage", "sender", "receiver", "purpose", "legal_basis", "sha256"), "x"),
        "columns": ["a"],
        "rows": 1,
        "on": date(2026, 1, 1),
    }
    return lambda demo: change(
        demo, insert(tables.transfers).values({**whole, "recorded_at": demo.clock(), **missing})
    )


def a_stranger_among_identifiers(demo: Demo) -> None:
    party = home(demo) / "parties" / "srs"
    party.mkdir(exist_ok=True)
    pl.DataFrame({"nhs_number": ["9434765919"], "diagnosis": ["F20"]}).write_parquet(
        party / "found.parquet"
    )


def changed_extract(demo: Demo) -> None:
    file = demo.extract / "linked.parquet"
    file.chmod(0o600)
    file.write_bytes(file.read_bytes() + b"x")


def more_than_granted(demo: Demo) -> None:
    file = demo.extract / "manifest.json"
    said = json.loads(file.read_text())
    file.write_text(json.dumps({**said, "variables": [*said["variables"], "linked.religion"]}))


def somebody_who_left(demo: Demo) -> None:
    older = demo.extract.with_name("2026-02-19-1")
    shutil.copytree(demo.extract, older)
    frame = pl.read_parquet(older / "linked.parquet")
    more = frame.with_columns(person_id=pl.lit("somebody-who-left"))[:1]
    pl.concat([frame, more]).write_parquet(older / "linked.parquet")


def without_a_vote(demo: Demo) -> None:
    change(demo, delete(tables.votes).where(tables.votes.c.reviewer == "deniz"))


def checker_joins(demo: Demo) -> None:
    row = {"project": STUDY, "person": "cora", "lead": False}
    days = {"since": date(2025, 1, 6), "until": date(2026, 12, 1)}
    change(demo, insert(tables.memberships).values(row | days))


def bundle(demo: Demo) -> Path:
    return next((home(demo) / "releases").glob("*/*.zip"))


def spoil(find: Callable[[Demo], Path]) -> Plant:
    def spoilt(demo: Demo) -> None:
        file = find(demo)
        file.chmod(0o600)
        file.write_bytes(file.read_bytes().replace(RECORD.encode(), b"x" * len(RECORD)) + b"x")

    return spoilt


def frozen(demo: Demo) -> Path:
    return next(one for one in (home(demo) / "requests" / "1").iterdir())


def in_state(state: str, days: int) -> Plant:
    def moved(demo: Demo) -> None:
        change(demo, update(tables.requests).values(state=state))
        demo.clock.move(days=days)

    return moved


def rewritten(demo: Demo) -> None:
    with demo.tre.store.writing() as changed:
        lower_the_guards(changed.connection)
        changed.connection.exec_driver_sql("UPDATE ledger SET actor = 'eve' WHERE number = 5")
        raise_the_guards(changed.connection)


def no_checkpoint(demo: Demo) -> None:
    for file in (home(demo) / "checkpoints").iterdir():
        file.unlink()


def attacked(**outcomes: int) -> Plant:
    return lambda demo: end_attacks(demo.tre, "mia", outcomes)


def later(**by: int) -> Plant:
    return lambda demo: demo.clock.move(**by)


PLANTED: list[tuple[str, Plant, str]] = [
    ("second-factors", people(second_factor_since=None), "ada has had an account since 2025"),
    ("one-account-each", same_secret, "ada and bola share the second factor"),
    ("one-account-each", people("bola", name="ADA MENSAH"), "ada and bola share name"),
    ("roles-apart", also("TRE manager"), "an auditor changes nothing"),
    ("own-passwords", people(temporary_password=True), "ada has had a temporary password"),
    ("passwords-hashed", password_kept(WEAKLY), "the password of ada is not kept by argon2id"),
    ("passwords-hashed", password_kept("maple-otter"), "the password of ada is not kept"),
    ("sessions-in-order", people(training_until=date(2026, 1, 1)), "(training)"),
    ("mail-goes-out", letter_given_up, "to ada could not be sent"),
    ("projects-decided", study(ethics_reference=" "), "goes on without an ethics reference"),
    ("projects-in-date", study(ends=date(2026, 1, 1)), "was over on 2026-01-01"),
    ("ended-projects-gone", extract_of_the_ended, "its extract is still there"),
    ("register-says-all", study(summary=""), "does not say of “Early-onset psychosis"),
    ("judges-apart", vote_of_a_member, "bola is named on"),
    ("judges-apart", advised_by_the_panel, "cora spoke about"),
    ("judges-apart", answers_to_a_change("bola"), "bola is on"),
    ("judges-apart", answers_to_a_change("emi", member="emi"), "emi is on"),
    ("judges-apart", answers_to_a_change("emi", "emi"), "emi answered change 1"),
    ("attacks-held", attacked(held=99, open=1), "1 attacks of the last suite were not held"),
    ("attacks-held", later(days=91), "91 days old"),
    ("packages-as-added", stray_wheel, "is never added"),
    ("code-let-in-apart", accepted_by("bola"), "was accepted by bola"),
    ("code-let-in-apart", accepted_by("ada"), "was accepted by ada"),
    ("secrets-private", lambda d: (home(d) / "parties").chmod(0o755), "parties/ can be looked at"),
    ("secrets-private", lambda d: (home(d) / "keys/ledger.head").chmod(0o644), "ledger.head can"),
    ("settings-valid", settings("prot = 8000"), "prot"),
    ("settings-valid", settings("port = 'x'"), "port"),
    ("keys-accepted", key("release-signing.pem", None), "release-signing.pem is missing"),
    ("keys-accepted", key("release-signing.pem", "no key"), "release-signing.pem is damaged"),
    ("keys-accepted", key("ledger.key", "abcd"), "has 2 bytes instead of 32"),
    ("settings-guarded", lambda d: home(d).chmod(0o777), "can be changed by other accounts"),
    ("separation-kept", a_stranger_among_identifiers, "found.parquet"),
    ("transfers-lawful", transfer(legal_basis=""), "has no legal_basis"),
    ("extracts-whole", changed_extract, "linked.parquet is not what its manifest says"),
    ("extracts-minimal", more_than_granted, "not granted: linked.religion"),
    ("grants-in-catalogue", granted("linked.shoe_size"), "in no catalogue: linked.shoe_size"),
    ("extracts-read-only", lambda d: d.extract.chmod(0o777), "can be changed by others"),
    ("nobody-who-objects", somebody_who_left, "1 people in it object or have left"),
    ("approved-by-two", without_a_vote, "request 1 was released, and"),
    ("approved-by-two", checker_joins, "request 1 was released, and"),
    ("bundles-whole", spoil(bundle), "is not the one that was released"),
    ("records-complete", spoil(bundle), "has no decisions, outputs, policies, request"),
    ("frozen-whole", spoil(frozen), "was changed on disk after its submission"),
    ("outputs-checked", of_files(check=None), "request 1, file 1 has no automatic verdict"),
    ("releases-readable", of_files(name="model.pickle"), "a type that no person can read"),
    ("nothing-stuck", in_state("failed", 2), "request 1 was approved and is not released"),
    ("answered-in-time", in_state("submitted", 9), "request 1 waits since 2026-03-02"),
    ("ledger-whole", rewritten, "broken at entry 5"),
    ("checkpoints-hold", rewritten, "the past was rewritten"),
    ("checkpoints-hold", no_checkpoint, "no checkpoint was kept yet"),
    ("checkpoints-hold", later(days=3), "is the courier running?"),
    ("acts-on-ledger", sanction_without_a_word, "1 sanctions are kept and the ledger says 0"),
]


def asked(demo: Demo, name: str) -> tuple[str, ...]:
    ask = CHECKS[name].ask
    assert ask is not None
    return tuple(ask(demo.tre, "mia"))


def test_a_wrong_is_planted_for_every_check() -> None:
    only_the_machine = {name for name, one in CHECKS.items() if one.ask is None}
    assert {name for name, _, _ in PLANTED} | only_the_machine == set(CHECKS)
    assert only_the_machine == {"machine-sealed"}


def test_on_a_world_in_order_no_check_finds_anything(in_order: Demo) -> None:
    found = assess(in_order.tre, "mia", everything=True)
    assert {one.name: one.problems for one in found.checks if one.problems} == {}
    assert [one.name for one in found.checks if one.problems is None] == ["machine-sealed"]


@pytest.mark.parametrize(("name", "plant", "says"), PLANTED, ids=[each[0] for each in PLANTED])
def test_a_planted_wrong_is_found_and_named(
    in_order: Demo, name: str, plant: Plant, says: str
) -> None:
    assert asked(in_order, name) == ()
    plant(in_order)
    assert says in "\n".join(asked(in_order, name))


@pytest.mark.parametrize(("name", "plant"), [each[:2] for each in PLANTED[:9]])
def test_what_a_failed_check_speaks_for_scores_nothing(
    in_order: Demo, name: str, plant: Plant
) -> None:
    before = {one.statement.id: one.score for one in assess(in_order.tre, "mia").answers}
    plant(in_order)
    answers = assess(in_order.tre, "mia").answers
    spoken_for = [one for one in answers if name in one.statement.checks]
    assert spoken_for
    for one in spoken_for:
        assert (before[one.statement.id] > 0, one.score) == (True, 0)
        assert any(problem.startswith(f"{name}: ") for problem in one.problems)


def test_a_check_that_breaks_has_failed(in_order: Demo) -> None:
    (demo_manifest := in_order.extract / "manifest.json").chmod(0o600)
    demo_manifest.write_text("{")
    (one,) = [
        one
        for one in assess(in_order.tre, "mia", everything=True).checks
        if one.name == "extracts-whole"
    ]
    assert one.came == "failed"
    assert "it could not be asked" in (one.problems or ("",))[0]


def test_of_many_wrongs_some_are_told_and_the_rest_counted(in_order: Demo) -> None:
    for _ in range(MOST_SAID + 5):
        transfer(purpose="")(in_order)
    found = assess(in_order.tre, "mia")
    (one,) = [one for one in found.checks if one.name == "transfers-lawful"]
    assert len(one.problems or ()) == MOST_SAID + 1
    assert (one.problems or ("",))[-1] == "and 5 more"
