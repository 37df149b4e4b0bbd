"""Which tests of interception an ordinary run leaves out."""

from tests.engines import ALL, wanted

collect_ignore = [] if wanted() == ALL else ["test_proxy.py"]
"""A proxy with real TLS, and hosts that nobody answers at: twenty seconds, for the full checks."""
