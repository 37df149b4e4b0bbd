"""Keys and what they open: SecurityCredentials, access tokens, consumer secrets.

One key ring per environment (design, "Environments"), kept beside the store and never inside it, so that a
copy of the database alone opens nothing. Randomness and moments are passed in: a seeded platform repeats
itself (design, 6), but for the RSA key, which OpenSSL alone may draw.
"""
