// mpesa-node by its own calls: a token with each query, a balance and a status.
'use strict'
const Mpesa = require('mpesa-node')
const { endpoint, tell } = require('./endpoint.js')

const given = process.env

async function main () {
  const { url, next } = await endpoint()
  const mpesa = new Mpesa({
    consumerKey: given.MPESA_KEY,
    consumerSecret: given.MPESA_SECRET,
    environment: given.MPESA_ENVIRONMENT,
    initiatorName: given.MPESA_INITIATOR,
    securityCredential: given.MPESA_PASSWORD,
    certPath: require.resolve('mpesa-node/keys/sandbox-cert.cer')
  })
  await mpesa.accountBalance(given.MPESA_SHORT_CODE, 4, url, url)
  const balance = await next()
  await mpesa.transactionStatus(given.MPESA_RECEIPT, given.MPESA_SHORT_CODE, 4, url, url)
  tell(balance, await next())
}

main()
