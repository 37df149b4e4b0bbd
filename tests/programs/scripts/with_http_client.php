<?php
// A token, a balance and a status through an HTTP client of PHP's; the requests are put together here.
declare(strict_types=1);

require __DIR__ . '/endpoint.php';

use GuzzleHttp\Client;
use Symfony\Component\HttpClient\HttpClient;

/** A function that sends a request and gives the answer's body. */
function client(string $name): callable
{
    switch ($name) {
        case 'guzzle':
            require 'GuzzleHttp/autoload.php';
            return fn ($method, $url, $headers, $body) => (string) (new Client())
                ->request($method, $url, ['headers' => $headers, 'body' => $body])->getBody();
        case 'symfony':
            require 'Symfony/Component/HttpClient/autoload.php';
            return fn ($method, $url, $headers, $body) => HttpClient::create()
                ->request($method, $url, ['headers' => $headers, 'body' => $body])->getContent();
        case 'curl':
            return function ($method, $url, $headers, $body) {
                $curl = curl_init($url);
                curl_setopt_array($curl, [
                    CURLOPT_CUSTOMREQUEST => $method,
                    CURLOPT_HTTPHEADER => lines($headers),
                    CURLOPT_RETURNTRANSFER => true,
                ] + ($body === '' ? [] : [CURLOPT_POSTFIELDS => $body]));
                return curl_exec($curl);
            };
        case 'streams':
            return fn ($method, $url, $headers, $body) => file_get_contents($url, false, stream_context_create([
                'http' => ['method' => $method, 'header' => lines($headers), 'content' => $body],
            ]));
    }
}

function lines(array $headers): array
{
    return array_map(fn ($name, $value) => "$name: $value", array_keys($headers), $headers);
}

$send = client($argv[1]);
$host = given('ENVIRONMENT') === 'production' ? 'https://api.safaricom.co.ke' : 'https://sandbox.safaricom.co.ke';
$basic = base64_encode(given('KEY') . ':' . given('SECRET'));
$granted = $send(
    'GET',
    "$host/oauth/v1/generate?grant_type=client_credentials",
    ['Authorization' => "Basic $basic"],
    ''
);
$headers = [
    'Authorization' => 'Bearer ' . json_decode($granted)->access_token,
    'Content-Type' => 'application/json',
];
$endpoint = new Endpoint();
$asked = [
    'Initiator' => given('INITIATOR'),
    'SecurityCredential' => given('CREDENTIAL'),
    'PartyA' => given('SHORT_CODE'),
    'IdentifierType' => '4',
    'Remarks' => 'ok',
    'ResultURL' => $endpoint->url,
    'QueueTimeOutURL' => $endpoint->url,
];
$of_balance = ['CommandID' => 'AccountBalance'] + $asked;
$send('POST', "$host/mpesa/accountbalance/v1/query", $headers, json_encode($of_balance));
$balance = $endpoint->next();
$of_status = ['CommandID' => 'TransactionStatusQuery', 'TransactionID' => given('RECEIPT')] + $asked;
$send('POST', "$host/mpesa/transactionstatus/v1/query", $headers, json_encode($of_status));
tell($balance, $endpoint->next());
