"""What the core says at its door, as the ResponseCode that the acknowledgement carries (rulings, Answers)."""

from salio.core.requests.outcomes import Admission
from salio.wire.acknowledgements import ResponseCode


def response_code(admission: Admission) -> ResponseCode:  # noqa: C901, PLR0911, PLR0912 - a row each
    """The code of an admission; what is an HTTP refusal has none: ``ValueError``."""
    match admission:
        case Admission.ACCEPTED:
            return ResponseCode.ACCEPTED
        case Admission.TRAFFIC_BLOCKED:
            return ResponseCode.TRAFFIC_BLOCKED
        case Admission.CACHED:
            return ResponseCode.CACHED_FOR_RESENDING
        case Admission.OVERLOADED:
            return ResponseCode.OVERLOADED
        case Admission.THROTTLED:
            return ResponseCode.THROTTLED
        case Admission.INTERNAL_ERROR:
            return ResponseCode.INTERNAL_ERROR
        case Admission.INPUT_INVALID:
            return ResponseCode.INPUT_INVALID
        case Admission.SERVICE_ABNORMAL:
            return ResponseCode.SERVICE_ABNORMAL
        case Admission.API_ABNORMAL:
            return ResponseCode.API_ABNORMAL
        case Admission.PERMISSION_INSUFFICIENT:
            return ResponseCode.PERMISSION_INSUFFICIENT
        case Admission.RATE_EXCEEDED:
            return ResponseCode.RATE_EXCEEDED
        case Admission.FIELDS_MISSING:
            return ResponseCode.FIELDS_MISSING
        case Admission.PARAMETERS_INVALID:
            return ResponseCode.PARAMETERS_INVALID
        case Admission.DUPLICATE | Admission.SUBSCRIBER_LOCKED:
            raise ValueError(f"refused, not declined: {admission.value}")
