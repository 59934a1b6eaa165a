"""A refused session, as a page can show it: every reason, grouped by its Safe."""

from tornado import web

from tre.decision import Decision


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


class SignInRefusedError(web.HTTPError):
    """Shown above the sign-in form."""

    def __init__(self, message: str):
        super().__init__(403, "sign-in refused", reason="Forbidden")
        self.jupyterhub_message = message
