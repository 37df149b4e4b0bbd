"""Text that someone else wrote, made safe to put into a reason, a log line or an answer."""

NAME_LIMIT = 40


def shown(text: str, limit: int = NAME_LIMIT) -> str:
    """The text in printable ASCII, cut to `limit` characters; three dots say that it was cut."""
    plain = text[: limit + 1].encode("ascii", "backslashreplace").decode("ascii")
    plain = "".join(
        character if character.isprintable() else f"\\x{ord(character):02x}" for character in plain
    )
    return plain if len(plain) <= limit else plain[: limit - 3] + "..."
