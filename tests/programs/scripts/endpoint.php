<?php
// What the scripts share: their configuration, an endpoint for results, and what they tell the test.
declare(strict_types=1);

function given(string $name): string
{
    return getenv("MPESA_$name") ?: throw new RuntimeException("MPESA_$name is not set");
}

/** Takes results, one after the other; they wait in the listener's queue meanwhile. */
final class Endpoint
{
    public readonly string $url;
    private $listener;

    public function __construct()
    {
        $this->listener = stream_socket_server('tcp://127.0.0.1:0');
        $this->url = 'http://' . stream_socket_get_name($this->listener, false) . '/';
    }

    /** The parameters of the next one, by their keys. */
    public function next(): array
    {
        $connection = stream_socket_accept($this->listener, 30) ?: throw new RuntimeException('no result came');
        $length = 0;
        while (($line = rtrim(fgets($connection))) !== '') {
            if (stripos($line, 'content-length:') === 0) {
                $length = (int) substr($line, 15);
            }
        }
        $result = json_decode(stream_get_contents($connection, $length), true)['Result'];
        fwrite($connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        fclose($connection);
        return array_column($result['ResultParameters']['ResultParameter'], 'Value', 'Key');
    }
}

function tell(array $balance, array $status): void
{
    echo json_encode(['balance' => $balance['AccountBalance'], 'status' => $status['TransactionStatus']]), "\n";
}
