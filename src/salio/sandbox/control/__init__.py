"""The control of the sandbox over HTTP: its calls, who may make them, and their document."""
