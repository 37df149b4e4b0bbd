"""A witness in the database itself: who decided under which tenure, and since when."""

from tests.kill.shared.books import execute, look
from tests.patience import until

CALL = """
    CREATE TABLE public.decider (
        epoch bigint, backend integer, since bigint DEFAULT sandbox.server_time(),
        PRIMARY KEY (epoch, backend)
    );
    CREATE FUNCTION public.witness() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO public.decider SELECT epoch, pg_backend_pid() FROM sandbox.stripe ON CONFLICT DO NOTHING;
        RETURN NULL;
    END $$;
    CREATE TRIGGER witness AFTER INSERT ON sandbox.conclusion
        FOR EACH STATEMENT EXECUTE FUNCTION public.witness();"""


class Witness:
    """Writes down each decision's connection, and the tenure that the stripe showed at that moment."""

    def __init__(self, url: str) -> None:
        self._url = url
        execute(url, CALL)

    def epoch(self) -> int:
        """The present tenure, or the last."""
        return int(look(self._url, "SELECT epoch FROM stripe")[0]["epoch"])

    def forget(self) -> None:
        """Begins with an empty sheet: a server that was away has new connections in an old tenure."""
        execute(self._url, "TRUNCATE public.decider")

    def next_after(self, epoch: int) -> float:
        """When the next tenure decided for the first time, by the wall clock."""
        statement = f"SELECT min(since) AS since FROM public.decider WHERE epoch > {epoch}"  # noqa: S608 - a number
        return int(until("another decides", lambda: look(self._url, statement)[0]["since"])) / 1_000_000

    def check(self) -> None:
        """Nobody decided in the tenure of another: each has one connection, and each connection one."""
        seen = look(self._url, "SELECT epoch, backend FROM public.decider")
        assert len({each["epoch"] for each in seen}) == len(seen), seen
        assert len({each["backend"] for each in seen}) == len(seen), seen
