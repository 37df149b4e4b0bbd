"""One module for each parser: `check(data)` turns any bytes into a case, and fails if the parser errs."""

TARGETS = ("body", "basic_header", "token", "url", "credential", "balance_text")
"""In the order in which a request meets them; the text of a balance is what comes back."""
