"""Delivery: the door that leads out. An outcome becomes bytes, and the bytes leave in one POST.

In the order of the journey:

    outcomes     an outcome's name to its result code, for an API and a wire profile
    rendering    a request and its conclusion to the bytes that are posted
    hosts        whose turn it is: places and fairness between receivers
    delays       results that a fault keeps back
    outbox       the two stages of the writer's cycle: attempts claimed, attempts ended
    copies       results that leave twice because a fault wants it
    transport    what carries attempts, as a protocol
    courier      the transport that speaks HTTP
    names        where a receiver's name leads, found out beside the loop
    lines        one reusable HTTP transfer and everything it is forbidden to do
    watch        waiting for sockets, and being woken
    faults       what kept an answer from coming, in words
    addresses    which addresses may be called, by environment
"""
