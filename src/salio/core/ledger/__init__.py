"""The double-entry ledger: accounts, postings, and the book of balances. Money is whole cents."""
