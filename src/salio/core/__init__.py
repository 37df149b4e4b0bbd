"""M-PESA's core: who may ask, what is owed to whom, and what became of each request.

Sees neither JSON nor HTTP, neither a wall clock nor a socket: what it needs from outside stands in
:mod:`salio.core.ports`.
"""
