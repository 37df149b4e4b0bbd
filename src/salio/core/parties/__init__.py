"""Who takes part: organizations and their tree, customers, operators, and the one table of rights."""
