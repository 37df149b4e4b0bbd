"""Which paths there are: of each API what its body is, and what that means to the core."""

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from salio.core.access.apps import Product
from salio.core.requests.queries import (
    B2BPayment,
    B2CPayment,
    BalanceQuery,
    CustomerPayment,
    ExpressPayment,
    IdentifierType,
    Query,
    Reversal,
    StatusQuery,
    TaxRemittance,
)
from salio.wire import (
    account_balance,
    b2b_payment,
    b2c_payment,
    c2b_simulate,
    express_push,
    reversal,
    transaction_status,
)
from salio.wire.account_balance import BalanceRequest
from salio.wire.apis import Api
from salio.wire.b2c_payment import PaymentRequest
from salio.wire.c2b_simulate import SimulateRequest
from salio.wire.express_push import PushRequest
from salio.wire.fields import Table
from salio.wire.profile import Profile
from salio.wire.reversal import ReversalRequest
from salio.wire.transaction_status import StatusRequest


class WireRequest(Protocol):
    """What the wire requests of all APIs have in common."""

    @property
    def security_credential(self) -> str:
        """The encrypted password."""
        ...

    @property
    def originator_conversation_id(self) -> str | None:
        """The caller's own id, if it chose one."""
        ...

    @property
    def unknown_members(self) -> tuple[str, ...]:
        """Members that no table knows."""
        ...


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One path of an API as a row: what an app needs for it, how its body is read and understood."""

    api: Api
    path: str
    product: Product
    table: Table
    read: Callable[[Mapping[str, object], Profile, int], WireRequest]
    understand: Callable[..., Query]
    operation: str
    """What the OpenAPI document calls it."""
    schema: str
    """What that calls its body."""


_IDENTIFIER_TYPES = {each.value: each for each in IdentifierType}


def _b2c_payment(request: PaymentRequest) -> Query:
    return B2CPayment(
        initiator=request.initiator,
        command=request.command_id,
        party=request.party_a,
        receiver=request.party_b,
        cents=request.cents,
        remarks=request.remarks,
        result_url=request.result_url,
        queue_time_out_url=request.queue_time_out_url,
        occasion=request.occasion,
    )


def _b2b_payment(request: b2b_payment.PaymentRequest) -> Query:
    return B2BPayment(
        initiator=request.initiator,
        command=request.command_id,
        party=request.party_a,
        receiver=request.party_b,
        receiver_type=_IDENTIFIER_TYPES[request.receiver_type],
        cents=request.cents,
        account_reference=request.account_reference,
        requester=request.requester,
        remarks=request.remarks,
        result_url=request.result_url,
        queue_time_out_url=request.queue_time_out_url,
        occasion=request.occasion,
    )


def _tax_remittance(request: b2b_payment.PaymentRequest) -> Query:
    return TaxRemittance(
        initiator=request.initiator,
        command=request.command_id,
        party=request.party_a,
        receiver=request.party_b,
        cents=request.cents,
        account_reference=request.account_reference or "",
        remarks=request.remarks,
        result_url=request.result_url,
        queue_time_out_url=request.queue_time_out_url,
        occasion=request.occasion,
    )


def _customer_payment(request: SimulateRequest) -> CustomerPayment:
    return CustomerPayment(
        command=request.command_id,
        party=request.short_code,
        payer=request.msisdn,
        cents=request.cents,
        bill_reference=request.bill_reference,
    )


def _customer_payment_of_v1(request: SimulateRequest) -> CustomerPayment:
    return msgspec.structs.replace(_customer_payment(request), whole_number_told=True)


def _express_payment(request: PushRequest) -> Query:
    return ExpressPayment(
        command=request.transaction_type,
        merchant=request.business_short_code,
        party=request.party_b,
        payer=request.payer,
        phone=request.phone,
        cents=request.cents,
        account_reference=request.account_reference,
        description=request.description,
        result_url=request.callback_url,
    )


def _balance_query(request: BalanceRequest) -> Query:
    return BalanceQuery(
        initiator=request.initiator,
        command=request.command_id,
        party=request.party_a,
        identifier_type=_IDENTIFIER_TYPES[request.identifier_type],
        remarks=request.remarks,
        result_url=request.result_url,
        queue_time_out_url=request.queue_time_out_url,
    )


def _status_query(request: StatusRequest) -> Query:
    return StatusQuery(
        initiator=request.initiator,
        command=request.command_id,
        party=request.party_a,
        identifier_type=_IDENTIFIER_TYPES[request.identifier_type],
        remarks=request.remarks,
        result_url=request.result_url,
        queue_time_out_url=request.queue_time_out_url,
        receipt=request.transaction_id,
        original_conversation_id=request.original_conversation_id,
        occasion=request.occasion,
    )


def _reversal(request: ReversalRequest) -> Query:
    return Reversal(
        initiator=request.initiator,
        command=request.command_id,
        party=request.receiver_party,
        receipt=request.transaction_id,
        cents=request.cents,
        remarks=request.remarks,
        result_url=request.result_url,
        queue_time_out_url=request.queue_time_out_url,
        occasion=request.occasion,
    )


QUESTIONS: tuple[Question, ...] = (
    Question(
        api=Api.ACCOUNT_BALANCE,
        path=Api.ACCOUNT_BALANCE.path,
        product=Product.ACCOUNT_BALANCE,
        table=account_balance.TABLE,
        read=account_balance.read,
        understand=_balance_query,
        operation="queryAccountBalance",
        schema="AccountBalanceRequest",
    ),
    Question(
        api=Api.TRANSACTION_STATUS,
        path=Api.TRANSACTION_STATUS.path,
        product=Product.TRANSACTION_STATUS,
        table=transaction_status.TABLE,
        read=transaction_status.read,
        understand=_status_query,
        operation="queryTransactionStatus",
        schema="TransactionStatusRequest",
    ),
    Question(
        api=Api.B2C,
        path=Api.B2C.path,
        product=Product.B2C,
        table=b2c_payment.TABLE,
        read=b2c_payment.read,
        understand=_b2c_payment,
        operation="payCustomer",
        schema="B2CPaymentRequest",
    ),
    Question(
        api=Api.B2C,
        path=Api.B2C.paths[1],
        product=Product.B2C,
        table=b2c_payment.FIRST_TABLE,
        read=b2c_payment.read_first,
        understand=_b2c_payment,
        operation="payCustomerV1",
        schema="B2CPaymentRequestV1",
    ),
    Question(
        api=Api.B2B,
        path=Api.B2B.path,
        product=Product.B2B,
        table=b2b_payment.TABLE,
        read=b2b_payment.read,
        understand=_b2b_payment,
        operation="payOrganization",
        schema="B2BPaymentRequest",
    ),
    Question(
        api=Api.TAX_REMITTANCE,
        path=Api.TAX_REMITTANCE.path,
        product=Product.TAX_REMITTANCE,
        table=b2b_payment.TAX_TABLE,
        read=b2b_payment.read_tax,
        understand=_tax_remittance,
        operation="remitTax",
        schema="TaxRemittanceRequest",
    ),
    Question(
        api=Api.C2B,
        path=Api.C2B.path,
        product=Product.C2B,
        table=c2b_simulate.TABLE,
        read=c2b_simulate.read,
        understand=_customer_payment,
        operation="simulateCustomerPayment",
        schema="C2BSimulateRequest",
    ),
    Question(
        api=Api.C2B,
        path=Api.C2B.paths[1],
        product=Product.C2B,
        table=c2b_simulate.TABLE,
        read=c2b_simulate.read,
        understand=_customer_payment_of_v1,
        operation="simulateCustomerPaymentV1",
        schema="C2BSimulateRequest",
    ),
    Question(
        api=Api.EXPRESS,
        path=Api.EXPRESS.path,
        product=Product.EXPRESS,
        table=express_push.TABLE,
        read=express_push.read,
        understand=_express_payment,
        operation="promptCustomer",
        schema="ExpressRequest",
    ),
    Question(
        api=Api.REVERSAL,
        path=Api.REVERSAL.path,
        product=Product.REVERSAL,
        table=reversal.TABLE,
        read=reversal.read,
        understand=_reversal,
        operation="reverseTransaction",
        schema="ReversalRequest",
    ),
)
"""The route table of the APIs: a new one is a row for each of its paths."""
