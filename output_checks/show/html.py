"""placeholder"""

from typing import Any


def html_table(grid: Any, report: Any, declaration: Any) -> str:
    return ""
