"""A refused session, as a page can show it: every reason, grouped by its Safe."""

from collections.abc import Generator
from contextlib import contextmanager

from tornado import web

from tre.decision import Decision, NotThereError, RefusedError, UnusableRequestError
from tre.hub.machine import NotSealableError
from tre.hub.session_limits import NoLimitsError
from tre.safe_settings.sealed_sandbox import UnsealableError
from tre.safe_settings.seccomp import UnknownMachineError


class SessionRefusedError(web.HTTPError):
    """The Five Safes say no; `reasons` goes to the page, `jupyterhub_message` to programs."""

    def __init__(self, decision: Decision):
        super().__init__(403, "the session was refused", reason="Forbidden")
        self.decision = decision
        self.jupyterhub_message = " ".join(str(reason) for reason in decision.reasons)


class NoSuchProjectError(web.HTTPError):
    """There is no such project, or this person may not know of it."""

    def __init__(self, message: str):
        super().__init__(404, message, reason="Not Found")
        self.jupyterhub_message = message


class CannotStartError(web.HTTPError):
    """Nobody refused, but the session cannot start as things are; the message says why."""

    def __init__(self, message: str):
        super().__init__(409, message, reason="Conflict")
        self.jupyterhub_message = message


@contextmanager
def explained() -> Generator[None]:
    """Turn every reason why a session does not start into one that a page shows."""
    try:
        yield
    except RefusedError as error:
        raise SessionRefusedError(error.decision) from error
    except NotThereError as error:
        raise NoSuchProjectError(str(error)) from error
    except (UnusableRequestError, UnsealableError, NoLimitsError) as error:
        raise CannotStartError(str(error)) from error
    except (NotSealableError, UnknownMachineError) as error:
        raise CannotStartError(str(error)) from error


class SignInRefusedError(web.HTTPError):
    """Shown above the sign-in form."""

    def __init__(self, message: str):
        super().__init__(403, "sign-in refused", reason="Forbidden")
        self.jupyterhub_message = message
