"""The composition root of the platform's half: environments, whole or shared out; all loops and threads."""
