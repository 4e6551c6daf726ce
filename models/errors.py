"""Every way a use case can refuse, as one family. `detail` is Chinese and meant for the person who made the call.

Raise the most telling one; `api/errors.py` maps each class to its HTTP status, and a test fails if a class is missing there.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class SandanError(Exception):
    """Base of all domain errors; never raised itself."""

    code: ClassVar[str]

    def __init__(self, detail: str, **facts: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts: Mapping[str, object] = facts


class NotFoundError(SandanError):
    """It does not exist, or the caller may not know that it does."""

    code = "not_found"


class InvalidInputError(SandanError):
    """The words of a call do not fit; `fields` names each field and what is wrong with it."""

    code = "invalid_input"

    def __init__(self, detail: str, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(detail)
        self.fields = {name: list(messages) for name, messages in (fields or {}).items()}


class UnreadableBodyError(SandanError):
    """The body is not the JSON that this service reads."""

    code = "unreadable_body"


class UnsupportedMediaError(SandanError):
    code = "unsupported_media_type"


class BodyTooLargeError(SandanError):
    code = "body_too_large"


class BodyTimeoutError(SandanError):
    """The caller began a body and did not finish it in time."""

    code = "body_timeout"


class UnauthenticatedError(SandanError):
    """No token, or one that is unknown, expired or revoked."""

    code = "unauthenticated"


class WrongCredentialsError(SandanError):
    code = "wrong_credentials"


class TooManyAttemptsError(SandanError):
    code = "too_many_attempts"


class SignInBusyError(SandanError):
    """More people are signing in than passwords can be checked; nothing was tried."""

    code = "sign_in_busy"


class ForbiddenError(SandanError):
    """The role may not make this call at all."""

    code = "forbidden"


class StaleVersionError(SandanError):
    """The caller changed a version that is no longer the present one."""

    code = "stale_version"


class DuplicateError(SandanError):
    """There is one already and there may be only one."""

    code = "duplicate"


class TransitionNotAllowedError(SandanError):
    """The thing stands elsewhere than the action needs; facts: `present_status`, its present status."""

    code = "transition_not_allowed"


class PlacesTakenError(SandanError):
    """Somebody else was quicker; facts: `present_status`, the order's or need's present status."""

    code = "places_taken"


class CapacityReachedError(SandanError):
    """The provider already carries as many orders as they said they can."""

    code = "capacity_reached"


class NotEligibleError(SandanError):
    """A hard rule speaks against this provider for this need; facts: `rule`."""

    code = "not_eligible"


class NoTeamError(SandanError):
    """No team can be put together; the detail says which role is missing, or that there is no common time."""

    code = "no_team"


class StillInUseError(SandanError):
    """It cannot be deleted while other things depend on it."""

    code = "still_in_use"


class TooManyStreamsError(SandanError):
    """The account listens in too many places at once."""

    code = "too_many_streams"


class KeyReusedError(SandanError):
    """An Idempotency-Key came again with another body."""

    code = "idempotency_key_reused"


class CallInProgressError(SandanError):
    """The same call with the same Idempotency-Key is still being carried out."""

    code = "call_in_progress"


class NotCarriedError(SandanError):
    """This worker holds the providers of some regions only, and the need lies in none of them; facts: `rule`, `regions`."""

    code = "region_not_carried"


class StoreUnavailableError(SandanError):
    """MongoDB could not be reached in time: nothing is known to have changed."""

    code = "store_unavailable"
