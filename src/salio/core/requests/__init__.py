"""The accepted request and its way: intake, decision, outcome; one module of rules for each API."""
