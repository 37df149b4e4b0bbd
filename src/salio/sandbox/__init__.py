"""What only the sandbox has: its test data, its clock, the faults on demand, and the control of it all."""
