"""The requests that the benchmark sends."""

from base64 import b64encode

import msgspec
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate

PASSWORD = b"Safaricom999!*!"


def credentials(certificate: bytes, count: int) -> list[str]:
    """So many ciphertexts of the test password, all different."""
    key = load_pem_x509_certificate(certificate).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    return [b64encode(key.encrypt(PASSWORD, padding.PKCS1v15())).decode() for _ in range(count)]


def balance_query(token: str, credential: str, sink: int) -> bytes:
    """One balance query as it goes over the socket."""
    body = msgspec.json.encode(
        {
            "Initiator": "testapiuser",
            "SecurityCredential": credential,
            "CommandID": "AccountBalance",
            "PartyA": "600000",
            "IdentifierType": "4",
            "Remarks": "ok",
            "QueueTimeOutURL": f"http://127.0.0.1:{sink}/timeout",
            "ResultURL": f"http://127.0.0.1:{sink}/result",
        }
    )
    return _sent("/mpesa/accountbalance/v1/query", token, body)


def status_query(
    token: str, credential: str, sink: int, party: str, *, receipt: str = "", conversation: str = ""
) -> bytes:
    """One status query, by receipt or by conversation, as it goes over the socket."""
    body = msgspec.json.encode(
        {
            "Initiator": "testapi",
            "SecurityCredential": credential,
            "CommandID": "TransactionStatusQuery",
            "TransactionID": receipt,
            "OriginalConversationID": conversation,
            "PartyA": party,
            "IdentifierType": "4",
            "Remarks": "ok",
            "QueueTimeOutURL": f"http://127.0.0.1:{sink}/timeout",
            "ResultURL": f"http://127.0.0.1:{sink}/result",
        }
    )
    return _sent("/mpesa/transactionstatus/v1/query", token, body)


def payment(token: str, credential: str, sink: int, payer: str, msisdn: str, cents: int) -> bytes:
    """One payment to a customer as it goes over the socket."""
    body = msgspec.json.encode(
        {
            "InitiatorName": "testapi",
            "SecurityCredential": credential,
            "CommandID": "BusinessPayment",
            "Amount": cents // 100,
            "PartyA": payer,
            "PartyB": msisdn,
            "Remarks": "ok",
            "QueueTimeOutURL": f"http://127.0.0.1:{sink}/timeout",
            "ResultURL": f"http://127.0.0.1:{sink}/result",
        }
    )
    return _sent("/mpesa/b2c/v1/paymentrequest", token, body)


def customer_payment(token: str, short_code: str, msisdn: str, cents: int) -> bytes:
    """One payment of a customer as it goes over the socket."""
    body = msgspec.json.encode(
        {
            "ShortCode": short_code,
            "CommandID": "CustomerPayBillOnline",
            "Amount": cents // 100,
            "Msisdn": msisdn,
            "BillRefNumber": "invoice008",
        }
    )
    return _sent("/mpesa/c2b/v2/simulate", token, body)


def _sent(path: str, token: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
