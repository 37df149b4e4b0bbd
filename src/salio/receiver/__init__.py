"""The organization's side that is told: takes every callback, keeps it, and says what it is worth.

A callback is answered when it is durable and not before; what it means is found out afterwards, so that
nothing that can go wrong with its content can lose it. Read in this order:

    keys      the secret in an address: made and recognized without a store
    arrivals  what came, and the store that keeps it
    doors     who may post: a list of addresses
    groups    many arrivals, one commit
    app       the ASGI application: from a request to its answer
    judging   afterwards: is it the result of this request, or does somebody pretend?

`salio.tracker` has the store, and what follows from a verdict.
"""
