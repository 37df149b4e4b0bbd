"""The schema's history: one line of revisions for an environment, one for the portal database."""
