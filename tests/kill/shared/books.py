"""What a PostgreSQL database holds, read with the test's own connections: no code of the platform's."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg  # type: ignore[import-untyped] # it brings no types

from tests.kill.checker import Read


@contextmanager
def books(url: str) -> Iterator[Read]:
    """An environment's tables as they stand at one moment."""
    with asyncio.Runner() as runner:
        connection = runner.run(_connect(url))
        try:
            runner.run(_execute(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            yield lambda statement: runner.run(_rows(connection, statement))
        finally:
            runner.run(connection.close())


def look(url: str, statement: str) -> list[dict[str, Any]]:
    """The rows of one statement."""
    with books(url) as read:
        return read(statement)


def execute(url: str, statement: str) -> None:
    """Changes something beside the platform."""

    async def execute() -> None:
        connection = await _connect(url)
        try:
            await _execute(connection, statement)
        finally:
            await connection.close()

    asyncio.run(execute())


def is_settled(url: str) -> bool:
    """Whether nothing waits to be decided or delivered."""
    left = look(url, "SELECT (SELECT count(*) FROM intake) + (SELECT count(*) FROM outbox) AS left")
    return bool(left[0]["left"] == 0)


async def _connect(url: str) -> Any:
    return await asyncpg.connect(url, server_settings={"search_path": "sandbox"})


async def _execute(connection: Any, statement: str) -> None:
    await connection.execute(statement)


async def _rows(connection: Any, statement: str) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(statement)]
