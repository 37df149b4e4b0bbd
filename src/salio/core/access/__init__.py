"""Developers' access: apps, the products they may call, their tokens and their throttles."""
