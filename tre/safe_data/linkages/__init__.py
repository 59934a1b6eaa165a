"""The linkages, each described once as data in a file of its own.

A file of this folder that holds a `LINKAGE` is a linkage: nothing else has to be told of it.
"""

import pkgutil
from functools import cache
from importlib import import_module

from tre.decision import NotThereError
from tre.safe_data.linkages.coherence import must_cohere
from tre.safe_data.linkages.linkage import Linkage


@cache
def linkages() -> tuple[Linkage, ...]:
    """Every linkage that the simulator can run, in the order of the documentation.

    Raises UnusableRequestError for descriptions that contradict themselves or each other.
    """
    modules = (import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__))
    found = [module.LINKAGE for module in modules if hasattr(module, "LINKAGE")]
    must_cohere(found)
    return tuple(sorted(found, key=lambda one: (one.order, one.id)))


def linkage(linkage_id: str) -> Linkage:
    """The description of one linkage. Raises NotThereError for a name that is not known."""
    for description in linkages():
        if description.id == linkage_id:
            return description
    known = ", ".join(description.id for description in linkages())
    message = f"there is no linkage {linkage_id!r}; known are: {known}"
    raise NotThereError(message)
