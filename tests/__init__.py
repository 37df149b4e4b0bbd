"""Salio's tests: one folder for each package of `src/salio`, and what the folders share."""
