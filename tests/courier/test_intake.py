"""What a hostile session can leave in its outbox, and that none of it gets anywhere."""

import os
import threading
from pathlib import Path

import pytest

from tests.courier.conftest import Leave
from tre.courier import intake
from tre.courier.intake import UnreadableLetterError
from tre.courier.paths import Outbox, outboxes

SECRET = b"another project's data"


def opened(box: Outbox, name: str) -> int:
    taken = intake.move(box.folder / name, box.taken)
    assert taken is not None
    return intake.open_letter(taken)


def read_files(letter: int, count: int = 1, *, file_bytes: int = 1_000) -> list[bytes]:
    try:
        return intake.read_files(letter, count, file_bytes=file_bytes, all_bytes=1_500)
    finally:
        os.close(letter)


def test_an_honest_letter_is_read(ada: Outbox, leave: Leave):
    letter = opened(ada, leave(files=[b"one", b"two"]))
    assert intake.read_request(letter).startswith(b'{"version": 1')
    assert read_files(letter, 2) == [b"one", b"two"]


def test_only_finished_letters_wait_and_strangers_are_told_apart(ada: Outbox, leave: Leave):
    name = leave()
    (ada.folder / f"{'b' * 32}.part").mkdir()
    (ada.folder / "notes.txt").write_text("hello")
    assert intake.waiting(ada) == ([name], ["notes.txt"])


def test_a_flood_is_looked_at_a_piece_at_a_time(ada: Outbox):
    for number in range(400):
        (ada.folder / f"{number:032x}").mkdir()
    letters, strangers = intake.waiting(ada)
    assert (len(letters), strangers) == (intake.LOOK_AT_MOST, [])


def test_an_outbox_that_is_gone_holds_nothing(ada: Outbox):
    ada.folder.rmdir()
    assert intake.waiting(ada) == ([], [])


@pytest.mark.parametrize("place", ["request.json", "files/0", "files"])
def test_a_link_is_never_followed(ada: Outbox, leave: Leave, tmp_path: Path, place: str):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "0").write_bytes(SECRET)
    name = leave()
    target = ada.folder / name / place
    if place == "files":
        (target / "0").unlink()
        target.rmdir()
        target.symlink_to(secret)
    else:
        target.unlink()
        target.symlink_to(secret / "0")
    letter = opened(ada, name)
    with pytest.raises(UnreadableLetterError, match=r"link|not a folder"):
        intake.read_request(letter) and read_files(letter)


def test_a_letter_that_is_a_link_is_no_letter(ada: Outbox, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    name = "a" * 32
    (ada.folder / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnreadableLetterError, match="a message is a folder"):
        opened(ada, name)
    assert (tmp_path / "elsewhere").is_dir()


def test_a_letter_that_is_a_file_is_no_letter(ada: Outbox):
    name = "a" * 32
    (ada.folder / name).write_text("{}")
    with pytest.raises(UnreadableLetterError, match="not a folder"):
        opened(ada, name)


def test_a_pipe_does_not_make_the_courier_wait(ada: Outbox, leave: Leave):
    name = leave()
    (ada.folder / name / "files" / "0").unlink()
    os.mkfifo(ada.folder / name / "files" / "0")
    with pytest.raises(UnreadableLetterError, match="not a regular file"):
        read_files(opened(ada, name))


def test_a_folder_in_place_of_a_file_is_refused(ada: Outbox, leave: Leave):
    name = leave()
    (ada.folder / name / "request.json").unlink()
    (ada.folder / name / "request.json").mkdir()
    letter = opened(ada, name)
    with pytest.raises(UnreadableLetterError, match="not a regular file"):
        intake.read_request(letter)
    os.close(letter)


def test_a_missing_file_is_named(ada: Outbox, leave: Leave):
    with pytest.raises(UnreadableLetterError, match="'1' of the message is missing"):
        read_files(opened(ada, leave()), 2)


def test_a_file_too_large_is_refused_before_it_is_read(ada: Outbox, leave: Leave):
    name = leave()
    with (ada.folder / name / "files" / "0").open("wb") as sparse:
        sparse.truncate(2**40)
    with pytest.raises(UnreadableLetterError, match="too large: at most 1,000 bytes"):
        read_files(opened(ada, name))


def test_files_too_large_together_are_refused(ada: Outbox, leave: Leave):
    # 900 + 900 bytes, of which 1,500 may come together: the second may hold 600.
    name = leave(files=[b"x" * 900, b"x" * 900])
    with pytest.raises(UnreadableLetterError, match="at most 600 bytes"):
        read_files(opened(ada, name), 2)


def test_a_request_too_large_is_refused(ada: Outbox, leave: Leave):
    letter = opened(ada, leave(b" " * (intake.REQUEST_BYTES + 1)))
    with pytest.raises(UnreadableLetterError, match="too large"):
        intake.read_request(letter)
    os.close(letter)


def test_a_request_of_many_files_has_room_for_their_declarations(ada: Outbox, leave: Leave):
    letter = opened(ada, leave(b" " * (40 * intake.REQUEST_BYTES_A_FILE)))
    assert intake.read_request(letter, files=40)
    with pytest.raises(UnreadableLetterError, match="ask for fewer files at once"):
        intake.read_request(letter, files=39)
    os.close(letter)


def test_a_file_that_grows_while_it_is_read_stops_at_the_limit(tmp_path: Path):
    # The size that was looked at says 10; what is read then has no end.
    reader, writer = os.pipe()
    feeder = threading.Thread(target=os.write, args=(writer, b"x" * 5_000))
    feeder.start()
    with pytest.raises(UnreadableLetterError, match="too large"):
        intake._read_all(reader, "0", 10, 1_000)
    feeder.join()
    os.close(reader)
    os.close(writer)


def test_a_letter_its_writer_locked_is_taken_all_the_same(ada: Outbox, leave: Leave):
    name = leave()
    (ada.folder / name).chmod(0o000)
    letter = opened(ada, name)
    assert read_files(letter) == [b"sex,value\nFemale,12\n"]


def test_a_taken_letter_cannot_be_replaced_by_its_name(ada: Outbox, leave: Leave):
    name = leave(files=[b"reviewed"])
    letter = opened(ada, name)
    (ada.folder / name / "files").mkdir(parents=True)
    (ada.folder / name / "files" / "0").write_bytes(b"another")
    assert read_files(letter) == [b"reviewed"]


def test_a_letter_that_is_gone_is_no_error(ada: Outbox):
    assert intake.move(ada.folder / ("c" * 32), ada.taken) is None


def test_who_asks_is_told_by_the_folder_alone(home: Path, ada: Outbox):
    for name in ("..", ".taken", "Not A Project", "x" * 80):
        (home / "outboxes" / name).mkdir(exist_ok=True)
    (home / "outboxes" / "linked").symlink_to(home / "outboxes" / ada.project)
    found = [(box.project, box.person) for box in outboxes(home)]
    assert found == [("early-onset-psychosis", "ada")]


def test_a_home_without_outboxes_has_none(tmp_path: Path):
    assert list(outboxes(tmp_path)) == []
