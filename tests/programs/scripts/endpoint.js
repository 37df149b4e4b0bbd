// An endpoint for results, and what the scripts tell the test.
'use strict'
const http = require('http')

/** Where it listens, and how to wait for the next result. */
exports.endpoint = () => new Promise(resolve => {
  const came = []
  const waiting = []
  const server = http.createServer((request, answer) => {
    let text = ''
    request.on('data', piece => { text += piece })
    request.on('end', () => {
      answer.end()
      const result = JSON.parse(text).Result
      if (waiting.length) waiting.shift()(result)
      else came.push(result)
    })
  })
  server.listen(0, '127.0.0.1', () => resolve({
    url: `http://127.0.0.1:${server.address().port}/`,
    next: () => came.length ? Promise.resolve(came.shift()) : new Promise(take => waiting.push(take))
  }))
})

/** Prints the two values as JSON; the endpoint ends with the program. */
exports.tell = (balance, status) => {
  const parameter = (result, key) =>
    result.ResultParameters.ResultParameter.find(each => each.Key === key).Value
  const read = { balance: parameter(balance, 'AccountBalance'), status: parameter(status, 'TransactionStatus') }
  process.stdout.write(JSON.stringify(read) + '\n', () => process.exit(0))
}
