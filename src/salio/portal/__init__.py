"""Pages for people. For now: the inbox, for who has no endpoint of their own yet."""
