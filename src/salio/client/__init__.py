"""The organization's side that asks: tokens, queries and orders, each with its acknowledgement.

`core` decides without any input or output; `client` and `async_client` are the two thin shells that carry its
requests over a wire. Read in this order:

    settings      whose app, which initiator, where callbacks go
    environments  the addresses that an environment's name stands for
    certificates  a certificate from a file, a URL or by name
    errors        everything that can be raised, as a tree
    steps         what the core asks of a shell
    tokens        one token for all who ask
    core          from a query to its acknowledgement, step by step
    outside       the clock, the pauses and the chance that nobody passed in
    transport     httpx2, and what its failures mean
    following     what a receiver or a record is told of each request
    questions, orders  what both shells can be told to ask
    client, async_client  the shells
    inbox         results out of the inbox of a platform of ours
"""
