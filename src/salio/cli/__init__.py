"""The command ``salio``: it parses, calls the half that does the work, and prints."""
