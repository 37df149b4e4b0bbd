<?php
// safaricom/mpesa by its own functions, which get a token with each query: a balance and a status.
declare(strict_types=1);

require __DIR__ . '/endpoint.php';

/** The helper of Laravel's that the library asks for its configuration. */
function env(string $name): string
{
    return match ($name) {
        'MPESA_ENV' => given('ENVIRONMENT') === 'production' ? 'live' : 'sandbox',
        'MPESA_CONSUMER_KEY' => given('KEY'),
        'MPESA_CONSUMER_SECRET' => given('SECRET'),
    };
}

require $argv[1] . '/vendor/autoload.php';

$mpesa = new Safaricom\Mpesa\Mpesa();
$endpoint = new Endpoint();
$who = [given('INITIATOR'), given('CREDENTIAL')];
$where = [given('SHORT_CODE'), '4'];
$mpesa->accountBalance('AccountBalance', ...$who, ...$where, ...['ok', $endpoint->url, $endpoint->url]);
$balance = $endpoint->next();
$mpesa->transactionStatus(
    ...$who,
    ...['TransactionStatusQuery', given('RECEIPT')],
    ...$where,
    ...[$endpoint->url, $endpoint->url, 'ok', 'ok']
);
tell($balance, $endpoint->next());
