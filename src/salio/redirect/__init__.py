"""Brings what a program asks of Safaricom's hosts to a platform of one's own; the program stays as it is."""
