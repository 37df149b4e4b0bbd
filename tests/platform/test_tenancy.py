"""A process's name among those that share an environment."""

from salio.platform.tenancy import name_of_process


def test_two_processes_of_one_number_have_two_names() -> None:
    """As in containers on one host, each of which is its number one: neither takes the other for itself."""
    first, second = (name_of_process(noise) for noise in (bytes, b"noise".ljust))
    assert first != second
    assert first.split("-")[:-1] == second.split("-")[:-1]
