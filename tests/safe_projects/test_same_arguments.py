"""An argument that was pasted is found, however it is dressed; two alike are none."""

import pytest

from tre.safe_projects.application import AskedDataset, AskedVariable
from tre.safe_projects.project import Place
from tre.safe_projects.same_arguments import same_arguments


def asked(dataset: str, **why: str) -> AskedDataset:
    return AskedDataset(
        dataset=dataset,
        controller="SLaM",
        place=Place.SAFE_ROOM,
        passport_trust=None,
        policy="srs",
        seen_at="srs",
        variables=tuple(AskedVariable(name=f"{dataset}.{n}", why=text) for n, text in why.items()),
    )


@pytest.mark.parametrize(
    ("why", "found"),
    [
        ({}, []),
        ({"a": "needed", "b": "needed"}, []),
        ({"a": "needed", "b": "needed", "c": "needed"}, [("needed", 3)]),
        # letters, signs and spaces make no other argument, words do
        ({"a": " Needed. ", "b": "needed", "c": "NEEDED!", "d": "for d"}, [("Needed.", 3)]),
        ({"a": "one", "b": "one more", "c": "one"}, []),
        # no argument at all is refused elsewhere
        ({"a": "", "b": " ", "c": "."}, []),
        (
            {"a": "x y", "b": "x  y", "c": "x, y", "d": "z", "e": "z", "f": "z"},
            [("x y", 3), ("z", 3)],
        ),
    ],
)
def test_the_same_argument_for_three_is_found(why: dict[str, str], found: list[tuple[str, int]]):
    told = same_arguments([asked("cris", **why)])
    assert [(same.why, len(same.variables)) for same in told] == found
    assert all(same.of == len(why) for same in told)


def test_an_argument_is_the_same_across_datasets_and_the_most_come_first():
    told = same_arguments(
        [
            asked("cris", a="for all", b="its own", c="often", d="often", e="often"),
            asked("npd", a="For all.", b="for all", c="for  all"),
        ]
    )
    assert [(same.why, same.variables, same.of) for same in told] == [
        ("for all", ("cris.a", "npd.a", "npd.b", "npd.c"), 8),
        ("often", ("cris.c", "cris.d", "cris.e"), 8),
    ]
