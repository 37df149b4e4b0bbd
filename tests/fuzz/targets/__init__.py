"""One module for each parser: `check(data)` turns any bytes into a case, and fails if the parser errs."""

TARGETS = ("body", "basic_header", "token", "url", "credential", "balance_text", "callback")
"""In the order in which a request meets them; the balance's text and the callback are what comes back."""
