"""Switch on a second factor, or move it to another app: scan, then confirm with a first code."""

from dataclasses import dataclass, replace

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.steps.acting import Act, acting
from tre.steps.proving import prove_again
from tre.steps.recovery_codes import draw_codes
from tre.steps.second_factor import address_for_app, new_secret, step_of
from tre.steps.telling import News, tell
from tre.steps.tre import Tre
from tre.store.credentials import Credentials, read_credentials, write_credentials
from tre.store.people import write_person
from tre.vocabulary import Action, PersonId

BEGUN = "people:account:second-factor-begin"
SWITCHED_ON = "people:account:second-factor"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToScan:
    """What an app needs: the address of a QR code, or the secret to be typed."""

    address: str
    secret: str


def begin_second_factor(tre: Tre, actor: PersonId, *, password: str, code: str = "") -> ToScan:
    """Draw a secret for an app; it counts once a first code has confirmed that it was scanned.

    password, code: as for signing in; without a second factor the password alone.
    """
    prove_again(tre, actor, password, code)
    secret = new_secret()
    with acting(tre, actor, Action.KEEP_ACCOUNT) as act:
        act.require(Subject(person=actor))
        write_credentials(act.connection, actor, replace(_kept(act), pending_secret=secret))
        act.record(tag=BEGUN)
    return ToScan(address=address_for_app(actor, secret), secret=secret)


def being_scanned(tre: Tre, actor: PersonId) -> ToScan | None:
    """Give what is shown to be scanned and was not confirmed yet; None where nothing is."""
    with tre.store.reading() as connection:
        kept = read_credentials(connection, actor)
    if kept is None or not kept.pending_secret:
        return None
    secret = kept.pending_secret
    return ToScan(address=address_for_app(actor, secret), secret=secret)


def confirm_second_factor(tre: Tre, actor: PersonId, code: str) -> tuple[str, ...]:
    """Take the scanned secret in the place of the old one, if the code is of it.

    Gives a new set of recovery codes, which are never shown again. Raises UnusableRequestError
    for a code that is not right: the secret stays to be scanned.
    """
    with acting(tre, actor, Action.KEEP_ACCOUNT) as act:
        act.require(Subject(person=actor))
        kept = _kept(act)
        if not kept.pending_secret:
            message = "nothing waits to be confirmed; begin with the QR code"
            raise UnusableRequestError(message)
        step = step_of(kept.pending_secret, code, act.at)
        if step is None:
            message = (
                "the code is not of the app that you just scanned; look at the clock of your "
                "telephone, and type the code that it shows now"
            )
            raise UnusableRequestError(message)
        now_kept = replace(
            kept,
            totp_secret=kept.pending_secret,
            pending_secret="",
            last_step=step,
            changed_at=act.at,
        )
        write_credentials(act.connection, actor, now_kept)
        write_person(act.connection, replace(act.actor, second_factor_since=act.at))
        act.record({"replaced": bool(kept.totp_secret)}, tag=SWITCHED_ON)
        tell(act.tre, act.connection, actor, _NEWS)
        return draw_codes(act)


_NEWS = News(
    title="Your second factor is switched on",
    text="From now on you sign in with a code of the app that you scanned. If you did not do "
    "this, tell the TRE manager at once.",
    path="/me/second-factor",
)


def _kept(act: Act) -> Credentials:
    kept = read_credentials(act.connection, act.actor.id)
    if kept is None:
        message = "there is no account to sign in with under this name"
        raise UnusableRequestError(message)
    return kept
