"""Every code that a caller can meet has advice, and none of it is this platform's alone."""

from salio.wire.acknowledgements import ResponseCode
from salio.wire.mitigations import BLOCKED, OF_CODES, OF_REFUSALS
from salio.wire.refusals import Refusal
from salio.wire.result_codes import ResultCode


def test_every_code_has_its_row() -> None:
    """All refusals, ResponseCodes and ResultCodes but success."""
    assert set(OF_REFUSALS) == set(Refusal)
    codes = {each.code for each in (*ResponseCode, *ResultCode)}
    assert set(OF_CODES) == codes - {"0"}


def test_advice_is_for_any_platform() -> None:
    """No command of ours: whoever asks Safaricom has none."""
    advice = [*OF_REFUSALS.values(), *OF_CODES.values(), BLOCKED]
    assert [text for text in advice if "salio" in text.lower() or not text.endswith(".")] == []
