"""What only the sandbox has: the documents' own data, so that their samples work as printed."""
