"""The benchmark: what the platform does on this machine, beside what the bare server does in the same run."""
