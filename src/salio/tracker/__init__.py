"""The organization's side that remembers: a durable record of what was asked, and of what became of it.

What travels here: a query is noted before its first byte leaves, as a *request* with its first *asking*; the
acknowledgement is noted; a callback is kept by `salio.receiver`, judged, and ends its request or is kept
apart; what is late is asked for again; each end is handed to the application's handler. All of it is in one
SQLite file or PostgreSQL schema, each step one transaction, so that whoever is killed, and whenever, the next
one goes on. Read in this order:

    settings      how patient, and where callbacks go
    outside       the clock, the pauses, chance and the thread that nobody passed in
    errors        the record is out of reach
    ends          how a request ends, and what a handler is told
    schema        the tables
    places        where a record can lie: sqlite, a file; postgres, a schema of the application's database
    record        opened, locked, one transaction at a time; keeps what the receiver takes
    agreed        by what the application judges, for commands beside it
    following     a query before and after it is sent
    orders        what is asked about a late order, and what an answer says of it
    settling      what came is judged, and what follows from it
    payments      a customer's payment, and whether the platform confirms it
    chasing       what is late, and what is asked then
    handling      whose turn it is at the handler, begun and finished
    looking       what is open, for people
    by_hand       what a person ends or forgets, and the trail of it
    waiting       who waits for which result, and is woken
    core          one turn of all of these, a step at a time
    tracker, async_tracker  the shells
"""
