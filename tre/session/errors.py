"""What can go wrong inside a session, in words for the person at the notebook.

SessionError
├── NotInSessionError      this code does not run inside a session
├── NotHereError           a table, file or notebook that was named is not there
├── IncompleteError        a title, context or statement of controls is missing
├── OutboxFullError        no room to ask: messages wait, or the disk is full
├── NoReplyError           the service did not answer in time
└── RefusedHereError       the service answered, and said no (every reason is kept)
"""


class SessionError(Exception):
    """Shown in a notebook as its message alone: the reader can act on it, a traceback hides it."""

    def _render_traceback_(self) -> list[str]:
        """IPython prints these lines in place of a traceback."""
        return [f"{_TITLES.get(type(self).__name__, 'Not done')}: {self}"]


class NotInSessionError(SessionError):
    """The variables that a session sets are missing."""


class NotHereError(SessionError):
    """What was named does not exist; the message names what does."""


class IncompleteError(SessionError):
    """The request lacks what a checker needs; the message shows a good example."""


class OutboxFullError(SessionError):
    """Nothing was sent."""


class NoReplyError(SessionError):
    """The message says whether the service had already taken the request."""


class RefusedHereError(SessionError):
    """reasons: every one that the service gave, in its order."""

    def __init__(self, reasons: tuple[str, ...]):
        self.reasons = reasons
        super().__init__("\n".join(f"  • {reason}" for reason in reasons))

    def _render_traceback_(self) -> list[str]:
        """One line a reason, under one heading."""
        return ["Not allowed or not possible as it stands:", *str(self).splitlines()]


_TITLES = {
    "NotInSessionError": "Not in a session",
    "NotHereError": "Not there",
    "IncompleteError": "Something is missing",
    "OutboxFullError": "Not sent",
    "NoReplyError": "No answer",
}
