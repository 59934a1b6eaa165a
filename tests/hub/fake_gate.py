"""A gate that knows three projects and one person, and writes down what it was asked."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from tre.decision import ALLOWED, Decision, NotThereError, Reason, RefusedError
from tre.hub.gate import Card, SignInFailedError
from tre.safe_settings.session_record import SessionRecord
from tre.safe_settings.session_spec import Limits, SessionSpec
from tre.vocabulary import Safe

PASSWORD, CODE = "maple-otter-lagoon-tulip", "123456"
STUDY, OTHER, CLOSED = "early-onset-psychosis", "other-study", "covid-pathways"

REFUSAL = Decision(
    reasons=(
        Reason(
            safe=Safe.PEOPLE,
            rule="accreditation in date",
            sentence="Your accreditation ended on 1 May.",
        ),
        Reason(safe=Safe.PROJECTS, rule="within dates", sentence="The project ended on 3 June."),
    )
)


@dataclass(frozen=True)
class FakeGate:
    home: Path

    def sign_in(self, person: str, password: str, code: str) -> str:
        if person not in ("ada", "bola") or password != PASSWORD or code != CODE:
            raise SignInFailedError("Name, password or code is wrong.")
        return person

    def my_projects(self, person: str) -> tuple[Card, ...]:
        if person != "ada":
            return ()
        return (
            self._card(STUDY, "Early-onset psychosis and attainment", ALLOWED),
            self._card(OTHER, "Another study", ALLOWED),
            self._card(CLOSED, "Clinical and educational pathways", REFUSAL),
        )

    def _card(self, project: str, title: str, decision: Decision) -> Card:
        return Card(
            id=project,
            title=title,
            summary="What it is about.",
            state="accredited",
            practice=False,
            data=("npd", "cris"),
            ends="1 May 2027",
            decision=decision,
            has_extract=True,
        )

    def start_session(self, person: str, project: str) -> SessionSpec:
        self._note(f"start {person} {project}")
        if project not in (STUDY, OTHER, CLOSED) or person != "ada":
            raise NotThereError(f"there is no project {project!r} that you are on")
        if project == CLOSED:
            raise RefusedError(REFUSAL)
        folders = {}
        for name in ("extracts", "workspaces", "outboxes", "replies"):
            folders[name] = self.home / name / project
            folders[name].mkdir(parents=True, exist_ok=True)
        (folders["extracts"] / "linked.txt").write_text("an extract")
        return SessionSpec(
            person=person,
            project=project,
            title="A title",
            practice=False,
            policy="srs",
            extract=folders["extracts"],
            workspace=folders["workspaces"],
            outbox=folders["outboxes"],
            replies=folders["replies"],
            packages=packages if (packages := self.home / "packages").is_dir() else None,
            limits=self._limits(project),
        )

    def _limits(self, project: str) -> Limits:
        """Those that a test wrote to `limits-PROJECT.json`, and else the usual ones."""
        file = self.home / f"limits-{project}.json"
        return Limits(**json.loads(file.read_text())) if file.exists() else Limits()

    def account_began(self, person: str) -> datetime:
        """Long ago, unless a test wrote another moment (ISO 8601) to `began/PERSON`."""
        told = self.home / "began" / person
        return datetime.fromisoformat(told.read_text() if told.exists() else "2020-01-01T00:00Z")

    def may_sign_in(self, person: str) -> bool:
        return not (self.home / "barred" / person).exists()

    def open_sessions(self) -> tuple[tuple[str, str], ...]:
        return ()

    def ask_again(self, person: str, project: str, extract: str) -> Decision:
        """Refuses whom `suspend` named, and fails for whom `confuse` named."""
        if (self.home / "confused" / person).exists():
            raise RuntimeError("the store does not answer")
        return REFUSAL if (self.home / "suspended" / person).exists() else ALLOWED

    def end_session(
        self, person: str, project: str, reason: str, decision: Decision = ALLOWED
    ) -> None:
        rules = ", ".join(each.rule for each in decision.reasons)
        self._note(f"end {person} {project}: {reason} [{rules}]")

    def record_session(self, person: str, project: str, record: SessionRecord) -> None:
        with (self.home / "recorded.jsonl").open("a") as notes:
            notes.write(json.dumps({"who": f"{person} {project}", **asdict(record)}) + "\n")

    def _note(self, line: str) -> None:
        with (self.home / "asked.txt").open("a") as notes:
            notes.write(line + "\n")


def mark(home: Path, what: str, person: str) -> None:
    """Have the gate of a running hub answer differently: suspended, barred or confused."""
    (home / what).mkdir(exist_ok=True)
    (home / what / person).touch()


def unmark(home: Path, what: str, person: str) -> None:
    """Take it back."""
    (home / what / person).unlink(missing_ok=True)
