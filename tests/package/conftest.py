"""When the package is built and installed."""

from tests.engines import ALL, wanted

collect_ignore = [] if wanted() == ALL else ["test_wheel.py"]
"""Environments of its own take their time: the full checks make them."""
