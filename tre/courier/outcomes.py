"""Turn whatever a step does or raises into an answer that a session can read."""

import logging
import secrets
from collections.abc import Callable
from typing import Any

from output_checks.errors import OutputCheckError
from tre.decision import RefusedError, UnusableRequestError

Answer = dict[str, Any]

log = logging.getLogger("tre.courier")


def answered(act: Callable[[], Answer]) -> Answer:
    """Turn what a step raises into an answer.

    What nobody foresaw is answered too, with a reference that the log explains: one letter must
    never stop the courier for everybody.
    """
    try:
        return {"outcome": "done", **act()}
    except RefusedError as error:
        return _no("refused", *(str(reason) for reason in error.decision.reasons))
    except (UnusableRequestError, OutputCheckError) as error:
        return _no("unusable", str(error))
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("a letter could not be handled, reference %s", reference)
        return _no(
            "failed",
            "the service could not do this, through no fault of yours that it knows of. Tell the "
            f"environment's staff the reference {reference}.",
        )


def _no(outcome: str, *reasons: str) -> Answer:
    return {"outcome": outcome, "reasons": list(reasons)}
