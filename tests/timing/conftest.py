"""Which tests of timing are for the full checks."""

from tests.engines import ALL, wanted

collect_ignore = [] if wanted() == ALL else ["test_neighbours.py"]
"""Floods and dead receivers take seconds each; an ordinary run has them as journeys."""
