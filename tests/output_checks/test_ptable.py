"""P-tables: designed without bias, and read strictly from a file."""

import numpy as np
import pytest

from output_checks import ProtectionError, UnreadableDataError
from output_checks.protect import entropy
from output_checks.protect.entropy import chances, dealt
from output_checks.protect.ptable import PTable
from tests.output_checks.test_cell_key import csv_of


def test_noise_of_greatest_entropy_is_known_for_two_values():
    # Mean 0 with the values -1 and 2 needs 2/3 and 1/3; with 0 as well, p(-1) = 2 p(2), and the
    # variance p(-1) + 4 p(2) = 6 p(2) of 1 makes p(2) = 1/6, p(-1) = 1/3, p(0) = 1/2.
    assert chances(np.array([-1, 0, 2]), 1.0).round(6).tolist() == [0.333333, 0.5, 0.166667]


def test_symmetric_noise_has_symmetric_chances():
    found = chances(np.arange(-5, 6), 3.0)
    assert found.round(9).tolist() == found[::-1].round(9).tolist()
    assert (found @ np.arange(-5, 6) ** 2).round(6) == 3.0


def test_keys_are_dealt_without_bias():
    # 1/3, 1/2, 1/6 of 6 keys: two of -1, three of 0, one of 2.
    assert dealt_noise([-1, 0, 2], 6) == [-1, -1, 0, 0, 0, 2]


def dealt_noise(noise, keys):
    wanted = keys * chances(np.array(noise), 1.0)
    whole = np.floor(wanted + 1e-6).astype(int)
    return np.repeat(noise, whole).tolist()


@pytest.mark.parametrize("name", ["maximum-entropy 5 3 0", "maximum-entropy 5 3 2"])
def test_every_row_has_no_bias_and_nearly_the_variance(name):
    noise = PTable.named(name).noise
    assert noise.shape == (750, 256)
    assert (noise.sum(axis=1) == 0).all()
    assert np.abs(noise.var(axis=1) - 3).max() < 0.06
    assert (np.abs(noise) <= 5).all()
    assert (noise + np.arange(1, 751)[:, None] >= 0).all()


def test_small_counts_can_be_kept_from_being_shown():
    shown = PTable.maximum_entropy(hidden=2).noise + np.arange(1, 751)[:, None]
    assert not np.isin(shown, [1, 2]).any()
    assert (shown == 0).any()


def test_one_more_person_with_the_key_0_changes_the_noise_of_most_keys():
    noise = PTable.maximum_entropy().noise
    assert (noise[100] != noise[101]).mean() > 0.5


def test_bias_is_mended_by_moving_keys_between_neighbours():
    # Three keys for -1, 0 and 1 wanted in equal parts, dealt 0, 1 and 2: one moves from 1 to -1.
    thirds = np.array([1.0, 1.0, 1.0])
    dealt_keys = entropy._balanced(np.array([-1, 0, 1]), np.array([0, 1, 2]), thirds)
    assert dealt_keys.tolist() == [1, 1, 1]


def test_a_bias_that_no_move_makes_smaller_stays():
    # With -1 and 4 in one key's hands nothing can be moved to make the mean 0.
    left = entropy._balanced(np.array([-1, 4]), np.array([1, 0]), np.array([0.8, 0.2]))
    assert left.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("noise", "variance", "says"),
    [
        ([0, 1, 2], 1.0, "below and above 0"),
        ([-1, 0, 5], 5.0, "above 0 and below 5"),  # 5 is all of the weight on -1 and 5
        ([-1, 2, 5], 2.0, "above 2 and below 5"),  # 2 is all of the weight on -1 and 2
    ],
)
def test_noise_that_cannot_be_is_refused(noise, variance, says):
    with pytest.raises(ProtectionError, match=says):
        chances(np.array(noise), variance)


def test_noise_that_the_search_does_not_find_is_refused(monkeypatch):
    class Lost:
        x = np.zeros(2)

    monkeypatch.setattr("scipy.optimize.minimize", lambda *args, **kwargs: Lost)
    with pytest.raises(ProtectionError, match="could not be worked out"):
        chances(np.arange(-5, 6), 3.0)


@pytest.mark.parametrize(
    "options",
    [
        {"most": 0},
        {"variance": 0.0},
        {"variance": float("inf")},
        {"hidden": 5},
        {"hidden": -1},
        {"keys": 1},
        {"most": 10, "variance": 12.0},
    ],
)
def test_properties_that_no_noise_has_are_refused(options):
    with pytest.raises(ProtectionError):
        PTable.maximum_entropy(**options)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (5, "named by a text"),
        ("0-5", "at least 1"),
        ("10-7", "must divide 250"),
        ("ten-five", "unknown p-table"),
        ("sha256:00", "was read from a file"),
    ],
)
def test_a_name_that_is_none_is_refused(name, says):
    with pytest.raises(ProtectionError, match=says):
        PTable.of(name)


def test_a_p_table_of_a_file_is_what_was_written(tmp_path):
    path = tmp_path / "ptable.csv"
    noise = np.tile([0, 1, -1], (750, 1))
    path.write_text(csv_of(noise))
    read = PTable.of(path)
    assert (read.noise == noise).all()
    assert read.keys == 3
    assert PTable.of(read) is read


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("pcv", "pvc"), "columns pcv, ckey and pvalue"),
        (lambda text: text.replace("\n7,1,0\n", "\n7,1,half\n"), "whole numbers"),
        (lambda text: text.replace("\n7,1,0\n", "\n7,1,\n"), "an empty field"),
        (lambda text: text.replace("\n7,1,0\n", "\n"), "every pcv from 1 to 750"),
        (lambda text: text.replace("\n7,1,0\n", "\n7,0,0\n"), "every pcv from 1 to 750"),
        (lambda text: text.replace("\n7,1,0\n", "\n7,1,-8\n"), "negative"),
        (lambda text: "", "cannot be read"),
    ],
)
def test_a_file_that_is_no_p_table_is_refused(tmp_path, change, says):
    path = tmp_path / "ptable.csv"
    path.write_text(change(csv_of(np.zeros((750, 2), dtype=int))))
    with pytest.raises(UnreadableDataError, match=says):
        PTable.read(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableDataError, match="cannot be read"):
        PTable.read(tmp_path / "none.csv")


def test_dealt_noise_is_in_rising_order():
    noise = dealt(3, 5, 3.0, 0, 256)
    assert (np.diff(noise) >= 0).all()
    assert noise[0] == -3
