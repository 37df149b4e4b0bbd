"""HTTP between the socket and ASGI: what a connection may cost, and in which order it is answered.

connection  from bytes to requests, one after another
heads       what a request's head may be
repeats     a head that comes again
exchange    one request and its answer, as ASGI sees them
corked      one write for what a turn of the loop has to say
spoilt      a connection that a fault can break
sources     how many connections come from where
rests       how long those of a flooding app rest
"""
