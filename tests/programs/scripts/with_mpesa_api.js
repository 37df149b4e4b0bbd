// mpesa-api by its own calls: a token with each query, a balance and a status.
'use strict'
const { Mpesa } = require('mpesa-api')
const { endpoint, tell } = require('./endpoint.js')

const given = process.env

async function main () {
  const { url, next } = await endpoint()
  const keys = {
    clientKey: given.MPESA_KEY,
    clientSecret: given.MPESA_SECRET,
    initiatorPassword: given.MPESA_PASSWORD
  }
  const mpesa = new Mpesa(keys, given.MPESA_ENVIRONMENT)
  const asked = {
    Initiator: given.MPESA_INITIATOR,
    PartyA: given.MPESA_SHORT_CODE,
    IdentifierType: '4',
    ResultURL: url,
    QueueTimeOutURL: url
  }
  await mpesa.accountBalance(asked)
  const balance = await next()
  await mpesa.transactionStatus({ ...asked, TransactionID: given.MPESA_RECEIPT })
  tell(balance, await next())
}

main()
