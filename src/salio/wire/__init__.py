"""The wire: every shape, code and wording that travels between an organization and the platform.

The one package that both halves know. Pure: no I/O, no clock, no randomness; moments and noise are passed
in. Money is whole cents, a moment is an aware datetime, East Africa Time exists only as text.

How a request is read, and what goes back, in the order of the journey:

    apis              the two APIs: path, prefix, command
    profile           the two wire profiles, `documented` and `observed`, as data
    oauth             the Authorization header in, the token grant out
    strict_json       bytes of a body to its members, or the reason why not
    fields            the forms a member can have, and the walk along a table of them
    urls              what a callback address looks like
    account_balance   the table of a balance query, and its typed request
    transaction_status  the table of a status query, and its typed request
    refusals          named outcomes at the HTTP level to status and body
    acknowledgements  the synchronous answer: accepted, or declined with a ResponseCode
    result_codes      named outcomes of a request to code and wording
    results           a typed outcome to the body that is posted to ResultURL or QueueTimeOutURL

The way back, as an organization goes it: what it asks, and what it reads of whatever comes.

    asked             a typed query to its body
    orders            a typed order: a payment, a tax, a reversal
    c2b_orders        a registration, a simulated payment
    prompts           a prompt on a customer's phone, and the query about it
    members           bytes to members, in every form that has been seen
    answers           an HTTP answer to an acknowledgement, a token, or why there is none
    answered          the parameters of a result to a balance or a transaction
    paid              those of a payment's result
    payments          a customer's payment, as C2B tells it
    callbacks         a callback to a typed result
    mitigations       what to do about a code, whoever sent it
    errors            what is raised

What tells people about them:

    explanations      any code: where it stands, what it means, when it is sent, what to do
    meanings_of_refusals, meanings_of_codes  the sentences, one for each named outcome
    decoded           any body that somebody has in the hand: what it is, says and means, and what to do
    reason            a cause as the value of a header

What all of them use:

    amounts, times    cents and moments to text and back
    balance_text      the AccountBalance parameter
    receipts          ten letters and digits that carry a date
    identifiers       conversation ids that carry a request's number
    credentials       an initiator's password to a SecurityCredential
    wording           foreign text made safe to print
"""
