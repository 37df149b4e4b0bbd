"""The composition root of the platform's half: builds each environment, and owns its loops and threads."""
