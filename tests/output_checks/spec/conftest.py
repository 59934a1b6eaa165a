"""`spec(drawn, call, expected)`: what every paragraph asserts."""

from collections.abc import Callable, Sequence

import pytest

from tests.output_checks.spec.drawn import Drawn
from tests.output_checks.spec.paragraph import Paragraph


@pytest.fixture
def spec(request: pytest.FixtureRequest) -> Callable[[Drawn, str, Sequence[str]], None]:
    """Compare the findings of the rule that the file is named after with what is expected."""
    rule = request.path.stem.removeprefix("test_")

    def check(drawn: Drawn, call: str, expected: Sequence[str]) -> None:
        assert Paragraph.read(rule, drawn, call).lines == list(expected)

    return check
