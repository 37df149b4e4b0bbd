"""What only the sandbox has: the documents' own data as its test data, and the control of it."""
