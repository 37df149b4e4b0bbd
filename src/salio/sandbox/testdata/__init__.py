"""The documents' own data, with which a sandbox begins."""
