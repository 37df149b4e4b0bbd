"""The codes without a natural cause here: in the wire and in the core by name, but nothing provokes them yet.

The sandbox's control of faults, which later work brings, is what will.
"""

import enum
from collections.abc import Mapping

from salio.core.requests.outcomes import Admission, Outcome
from salio.wire.acknowledgements import ResponseCode
from salio.wire.refusals import Refusal
from salio.wire.result_codes import ResultCode

_CONTROL = "only when the sandbox's control asks for it (rulings, below 'A refused initiator')"
_SWITCH = "there is no such state of the platform before its switch (rulings, Answers)"
_GATEWAY = "the gateway refuses it first, by the field's name (rulings, Requests)"
_DOOR = "a duplicate is refused at the door, with HTTP 500 (rulings, Requests)"

UNPROVOKED: Mapping[enum.Enum, str] = {
    Refusal.MAINTENANCE: _SWITCH,
    Admission.TRAFFIC_BLOCKED: _SWITCH,
    ResponseCode.TRAFFIC_BLOCKED: _SWITCH,
    Admission.CACHED: _CONTROL,
    ResponseCode.CACHED_FOR_RESENDING: _CONTROL,
    Admission.THROTTLED: "an app's throttles stand at the gateway; the core has none of its own",
    ResponseCode.THROTTLED: "an app's throttles stand at the gateway; the core has none of its own",
    Admission.RATE_EXCEEDED: "an app's throttles stand at the gateway; the core has none of its own",
    ResponseCode.RATE_EXCEEDED: "an app's throttles stand at the gateway; the core has none of its own",
    Admission.SERVICE_ABNORMAL: _SWITCH,
    ResponseCode.SERVICE_ABNORMAL: _SWITCH,
    Admission.API_ABNORMAL: _SWITCH,
    ResponseCode.API_ABNORMAL: _SWITCH,
    Admission.PERMISSION_INSUFFICIENT: "an app without the product is refused at the gateway",
    ResponseCode.PERMISSION_INSUFFICIENT: "an app without the product is refused at the gateway",
    Admission.INPUT_INVALID: _GATEWAY,
    ResponseCode.INPUT_INVALID: _GATEWAY,
    Admission.FIELDS_MISSING: _GATEWAY,
    ResponseCode.FIELDS_MISSING: _GATEWAY,
    Admission.PARAMETERS_INVALID: _GATEWAY,
    ResponseCode.PARAMETERS_INVALID: _GATEWAY,
    Outcome.DUPLICATE: _DOOR,
    ResultCode.DUPLICATE_DETECTED: _DOOR,
    Outcome.OUT_OF_SEQUENCE: _CONTROL,
    ResultCode.SEQUENCE_FAILED: _CONTROL,
    Outcome.FIELDS_MISSING: _GATEWAY,
    ResultCode.MANDATORY_FIELDS_MISSING: _GATEWAY,
    ResultCode.TRAFFIC_BLOCKED: _CONTROL,
}
"""Member to reason."""
