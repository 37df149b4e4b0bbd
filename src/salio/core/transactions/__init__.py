"""Transactions: their kinds, their states and the steps allowed between them."""
