"""Which tests of the plugin are for the full checks."""

from tests.engines import ALL, wanted

collect_ignore = [] if wanted() == ALL else ["test_plugin.py"]
"""Each is a run of pytest of its own, seconds long; an ordinary run has the same in other languages."""
