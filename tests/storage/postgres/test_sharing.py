"""Places among the processes of one database."""

from contextlib import closing

import pytest

from salio.storage.ports import Duty, UnfitServerError
from salio.storage.postgres.connection import Session
from salio.storage.postgres.databases import PostgresDatabases
from tests import postgres


@pytest.mark.parametrize("duty", Duty)
def test_a_second_stripe_is_refused_at_the_start(duty: Duty) -> None:
    """Whatever the process does: nobody would decide what a gateway accepts for it."""
    url = postgres.empty_database()
    tenure = PostgresDatabases(url).tenure(duty, "somebody")
    with closing(Session(url, "sandbox")) as session:
        session.execute("INSERT INTO stripe VALUES (2, 0, '', 0)")
        with pytest.raises(
            UnfitServerError, match="has 2 stripes: this version knows how to run exactly one"
        ):
            tenure.begin()
        session.execute("DELETE FROM stripe WHERE number = 2")
    tenure.begin()
    tenure.end()
