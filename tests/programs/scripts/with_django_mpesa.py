"""mainfinity-django-mpesa in a Django project: its services ask, its views receive, its table keeps.

Prints what the table has as one JSON object, for the test.
"""

import json
import os
import sys
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application


class Quiet(WSGIRequestHandler):
    """Says nothing of requests."""

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


def configure(url: str) -> None:
    """The settings that the library's description names; Safaricom's addresses are this machine's here."""
    settings.configure(
        ROOT_URLCONF="django_shop.urls",
        ALLOWED_HOSTS=["127.0.0.1"],
        SECRET_KEY="of no use here",
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django_mpesa", "django_shop"],
        MIDDLEWARE=["django_mpesa.middleware.MpesaCallbackIPAllowlistMiddleware"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        MPESA={
            "ENV": os.environ["MPESA_ENVIRONMENT"],
            "CONSUMER_KEY": os.environ["MPESA_KEY"],
            "CONSUMER_SECRET": os.environ["MPESA_SECRET"],
            "SHORTCODE": os.environ["MPESA_SHORT_CODE"],
            "INITIATOR_NAME": os.environ["MPESA_INITIATOR"],
            "SECURITY_CREDENTIAL": os.environ["MPESA_CREDENTIAL"],
            "B2C_RESULT_URL": f"{url}/mpesa/b2c/result/",
            "B2C_TIMEOUT_URL": f"{url}/mpesa/b2c/timeout/",
            "TRANSACTION_MODEL": "django_shop.Transaction",
            "CALLBACK_LOG_MODEL": "django_shop.CallbackLog",
            "CALLBACK_IP_ALLOWLIST": ["127.0.0.1"],
            "USE_CELERY": False,
        },
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


def parameter(result: dict[str, Any], key: str) -> str:
    """The value of a result's parameter."""
    pairs = result["Result"]["ResultParameters"]["ResultParameter"]
    return next(str(each["Value"]) for each in pairs if each["Key"] == key)


def main() -> None:
    """Asks both, and looks into the table."""
    with WSGIServer(("127.0.0.1", 0), Quiet) as server:
        configure(f"http://127.0.0.1:{server.server_port}")
        server.set_app(get_wsgi_application())
        from django_mpesa.services import AccountBalanceService, TransactionStatusService
        from django_shop.models import CallbackLog

        AccountBalanceService().query()
        server.handle_request()
        TransactionStatusService().query(os.environ["MPESA_RECEIPT"], "4")
        server.handle_request()
        balance, status = (each.raw_body for each in CallbackLog.objects.order_by("received_at"))
    read = {"balance": parameter(balance, "AccountBalance"), "status": parameter(status, "TransactionStatus")}
    sys.stdout.write(json.dumps(read) + "\n")


main()
