"""The two tables that the library leaves to the project."""

from django_mpesa.models import AbstractMpesaCallbackLog, AbstractMpesaTransaction


class Transaction(AbstractMpesaTransaction):  # type: ignore[misc]  # Django has no types here
    """Payments."""


class CallbackLog(AbstractMpesaCallbackLog):  # type: ignore[misc]  # Django has no types here
    """Whatever came, as it came."""
