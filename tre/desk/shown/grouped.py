"""Findings that say the same of many cells, told to a checker as one."""

from collections.abc import Mapping
from typing import Any

TOLD_TOGETHER = frozenset({"threshold", "zeros"})
"""Rules whose number of people stands in the evidence of each cell, so that nothing is lost."""

FEW = 2
"""Up to this many findings of one kind are told one by one."""


def grouped(check: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The check with such findings joined; what is stored of it stays as it was.

    A joined finding has all the cells, in order, and says how many they are before the first
    message.
    """
    if check is None:
        return None
    kinds: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    for number, finding in enumerate(check.get("findings") or ()):
        kinds.setdefault(_kind(finding, number), []).append(finding)
    told = [one for alike in kinds.values() for one in _told(alike)]
    return {**check, "findings": told}


def _kind(finding: Mapping[str, Any], number: int) -> tuple[object, ...]:
    if finding.get("rule") not in TOLD_TOGETHER or not finding.get("cells"):
        return (number,)
    return tuple(str(finding.get(name)) for name in ("rule", "severity", "remedy"))


def _told(alike: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    if len(alike) <= FEW:
        return alike
    cells = [cell for one in alike for cell in one["cells"]]
    message = f"{len(cells)} cells. Of the first: {alike[0].get('message', '')}"
    return [{**alike[0], "cells": cells, "message": message}]
