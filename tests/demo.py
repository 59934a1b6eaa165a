"""The tests' little world at work: an open environment, its clock, and its people's acts."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from output_checks import Data
from tests.clock import FakeClock
from tests.demo_extract import linked, write_extract
from tests.demo_people import PEOPLE, PRACTICE, PROJECTS, STUDY
from tre.safe_outputs.release_request import CommentAudience, FileKind, State, VoteChoice
from tre.steps.approve_request import approve_request
from tre.steps.ask_for_release import PackageFile, ReleasePackage, ask_for_release
from tre.steps.comment import comment
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.second_factor import new_secret
from tre.steps.submit_review import submit_review
from tre.steps.tre import SYSTEM, Tre
from tre.steps.view_request import view_request
from tre.steps.vote import vote

PASSWORD = "amber-copper-willow-lagoon"

CODE = b"linked.group_by('diagnosis_group', 'sex').len()\n"


def fill(tre: Tre, *, accounts: bool = True) -> None:
    """Record the people and projects, and write the extracts of those that have one.

    accounts: also let everybody sign in; hashing their passwords takes a second or two.
    """
    for person in PEOPLE:
        if accounts:
            record_person(tre, SYSTEM, person, PASSWORD, new_secret())
        else:
            record_person(tre, SYSTEM, person)
    for project in PROJECTS:
        record_project(tre, SYSTEM, project)
    write_extract(tre.config.home / "extracts", STUDY)
    write_extract(tre.config.home / "extracts", PRACTICE, synthetic=True)


@cache
def _table(protected: bool) -> tuple[bytes, FileKind, str]:
    """A table as a session makes it; solving for the cells to suppress takes a moment."""
    data = Data.read(linked(), unit="person_id", name="linked")
    table = data.table("diagnosis_group", "sex", policy="srs")
    if protected:
        table = table.protect("suppress")
    return table.to_csv().encode(), FileKind.OUTPUT, table.declaration.to_json()


@dataclass(frozen=True)
class Demo:
    """An open environment with everybody in it."""

    tre: Tre
    clock: FakeClock
    password: str = PASSWORD

    @property
    def extract(self) -> Path:
        """The folder of the study's extract."""
        return next((self.tre.config.home / "extracts" / STUDY).glob("*/"))

    def table_file(self, *, protected: bool = True, name: str = "table.csv") -> PackageFile:
        """Diagnosis group by sex, with its declaration; unprotected, one cell is too small."""
        return PackageFile(name, *_table(protected))

    def package(self, *files: PackageFile) -> ReleasePackage:
        """The files given, or the protected table, with its code and what is said about it."""
        code = PackageFile("lesson.py", CODE, FileKind.CODE)
        return ReleasePackage(
            title="Diagnosis by sex",
            context="People known to child services and controls, by first diagnosis and sex.",
            controls="Cells under 10 are suppressed, and others so that they cannot be worked out.",
            files=(*(files or (self.table_file(),)), code),
        )

    def submitted(self, *files: PackageFile) -> int:
        """Ada asks for a release; the request's number."""
        return ask_for_release(self.tre, "ada", STUDY, self.package(*files))

    def outputs(self, request: int, viewer: str = "cora") -> list[int]:
        """The numbers of the request's outputs."""
        view = view_request(self.tre, viewer, request)
        files = [file for group in view.groups for file in group.files]
        return [file.id for file in files if file.kind is FileKind.OUTPUT]

    def review(self, request: int, reviewer: str, choice: VoteChoice = VoteChoice.APPROVED) -> None:
        """Vote alike on every output, say why if not approving, and submit the review."""
        for file in self.outputs(request, reviewer):
            vote(self.tre, reviewer, request, file, choice)
        if choice is VoteChoice.CHANGES_REQUESTED:
            comment(self.tre, reviewer, request, "outputs", "Round it.", CommentAudience.PUBLIC)
        submit_review(self.tre, reviewer, request)

    def reviewed(self, *files: PackageFile) -> int:
        """A request that both checkers have approved of."""
        request = self.submitted(*files)
        self.review(request, "cora")
        self.review(request, "deniz")
        return request

    def released(self, *files: PackageFile) -> int:
        """A request whose results are out."""
        request = self.reviewed(*files)
        assert approve_request(self.tre, "cora", request) is State.RELEASED
        return request
