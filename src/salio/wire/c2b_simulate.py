"""A customer's payment, simulated: its table and its typed request.

Source: C2B, Simulate Transactions and Request Parameter Definition; wire facts 5.3.
"""

from collections.abc import Mapping

import msgspec

from salio.wire import fields
from salio.wire.apis import Api
from salio.wire.profile import Profile

SHORT_CODE = fields.Field(
    name="ShortCode",
    attribute="short_code",
    kind="Numeric",
    meaning="The paybill or till that is paid.",
    form=fields.short_code,
)
AMOUNT = fields.Field(
    name="Amount",
    attribute="cents",
    kind="Numeric",
    meaning="What the customer pays, in whole shillings.",
    form=fields.whole_amount,
)
MSISDN = fields.Field(
    name="Msisdn",
    attribute="msisdn",
    kind="Numeric",
    meaning="The customer who pays: 12 digits that begin with 254.",
    form=fields.msisdn,
)
BILL_REFERENCE = fields.Field(
    name="BillRefNumber",
    attribute="bill_reference",
    kind="String",
    meaning="The account that is paid for, up to 20 characters; null for a till.",
    form=fields.free_text(20),
    required=False,
)

TABLE = fields.table(Api.C2B, SHORT_CODE, fields.COMMAND_ID, AMOUNT, MSISDN, BILL_REFERENCE)
"""In the order of the page's sample, which is the order of the checks."""


class SimulateRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which payment is to be made, well-formed; whether it can be is the core's question."""

    short_code: str
    command_id: str
    cents: int
    msisdn: str
    bill_reference: str | None
    unknown_members: tuple[str, ...]
    """Names of members that no table knows, shortened, the first 20: ignored, but worth a line in the log."""

    @property
    def security_credential(self) -> str:
        """A customer has none."""
        return ""

    @property
    def originator_conversation_id(self) -> None:
        """Nobody chooses one."""


def read(members: Mapping[str, object], profile: Profile, credential_length: int) -> SimulateRequest:
    """The typed request; there is no credential whose length would matter.

    Raises:
        InvalidField: the first missing field in the page's order, or else the first malformed one.
    """
    return SimulateRequest(**fields.read(TABLE, members, profile, credential_length))
