"""A name server that lies, stalls and changes its mind: only a vetted address is ever called (I19, P17).

A courier with production's rules, but for plain http and port 80, in a network where every address is this
machine: what it connected to is what the listeners there saw.
"""

import msgspec
import pytest

from salio.delivery.addresses import PRODUCTION
from salio.delivery.lines import CourierSettings
from tests.delivery.name_server import (
    NXDOMAIN,
    SERVFAIL,
    Answer,
    End,
    Seen,
    Wish,
    in_own_network,
    needs_own_network,
)
from tests.patience import PATIENCE

pytestmark = needs_own_network

RULES = msgspec.structs.replace(PRODUCTION, https_only=False, ports=frozenset({80}))
QUICK = CourierSettings(connect_seconds=0.7, total_seconds=2)
URL = "http://receiver.test/result"

OURS = "93.184.216.34"
OURS6 = "2606:2800:220:1::1"
THEIRS = tuple(f"10.0.0.{number}" for number in range(99))
DELIVERED = End(status=200, fault=None)
LOOPBACK = End(status=None, fault="address not allowed: 127.0.0.1 is loopback")
NO_SUCH_HOST = End(status=None, fault="no such host")
FAILED = End(status=None, fault="its name server failed or did not answer")


def asking(*answers: Answer, posts: int = 1, restarts: bool = False) -> Wish:
    """Attempts one after another at a name with these answers."""
    return Wish(
        rules=RULES,
        settings=QUICK,
        names={"receiver.test": answers},
        posts=((URL,),) * posts,
        restarts=restarts,
        plain=("10.0.0.1", "127.0.0.1", "::1", "fd00::1"),
    )


NOT_RESOLVED = End(status=None, fault="host name not resolved within 0.7 s")
NOT_RESOLVED_SOONER = End(status=None, fault="host name not resolved within 2 s")

NOWHERE = {
    "nxdomain": (Answer(code=NXDOMAIN), NO_SUCH_HOST),
    "servfail": (Answer(code=SERVFAIL), FAILED),
    "no-records": (Answer(), NO_SUCH_HOST),
    "no-answer": (Answer(silent=True), NOT_RESOLVED),
    "cname-to-localhost-alone": (Answer(alias="localhost"), NO_SUCH_HOST),
}

INSIDE = {
    "loopback": (Answer(("127.0.0.1",)), "127.0.0.1 is loopback"),
    "metadata": (Answer(("169.254.169.254",)), "169.254.169.254 is link local"),
    "ipv6-loopback": (Answer(("::1",)), "::1 is loopback"),
    "mapped": (Answer(("::ffff:10.0.0.1",)), "::ffff:10.0.0.1 is v4 mapped"),
    "nat64": (Answer(("64:ff9b::a9fe:a9fe",)), "64:ff9b::a9fe:a9fe is link local"),
    "6to4": (Answer(("2002:7f00:1::1",)), "2002:7f00:1::1 is six to four"),
    "unspecified": (Answer(("0.0.0.0",)), "0.0.0.0 is unspecified"),  # noqa: S104 - it is what is refused
    "cname-to-localhost": (Answer(("127.0.0.1",), alias="localhost"), "127.0.0.1 is loopback"),
    "100-private": (Answer((*THEIRS, "192.168.0.1")), ""),
    "private-of-both-families": (Answer(("10.0.0.1", "fd00::1")), ""),
}

MIXED = {
    "one-public": (Answer((OURS,)), OURS),
    "ttl-0": (Answer((OURS,), ttl=0), OURS),
    "cname": (Answer((OURS,), alias="elsewhere.test"), OURS),
    "private-first": (Answer(("10.0.0.1", OURS)), OURS),
    "public-first": (Answer((OURS, "10.0.0.1")), OURS),
    "both-families": (Answer(("10.0.0.1", OURS, "::1", "fd00::1")), OURS),
    "only-ipv6-is-public": (Answer(("127.0.0.1", OURS6)), OURS6),
    "100-records": (Answer((*THEIRS[:50], OURS, *THEIRS[50:])), OURS),
}

REBINDING = {
    f"{ip}-ttl-{ttl}": (Answer((OURS,), ttl=ttl), Answer((ip,), ttl=ttl), ip)
    for ip in ("10.0.0.1", "127.0.0.1", "fd00::1")
    for ttl in (0, 60)
}

OWN_NAMES = ("localhost", "localhost.", "x.localhost", "X.LocalHost.")

SPELLINGS = ("receiver.test", "Receiver.TEST", "receiver.test.")

MANY = 100
SILENT = {f"silent-{number}.test": (Answer(silent=True),) for number in range(MANY)}
TO_SILENT = tuple(f"http://{name}/" for name in SILENT)
FORGETTING = msgspec.structs.replace(QUICK, remembered_seconds=0)
PATIENT = CourierSettings(remembered_seconds=0)
SOONER = CourierSettings(remembered_seconds=0, connect_seconds=2)
"""Less than the C library takes to give up a name: which of the two comes first is no matter of chance."""

WISHES = {
    **{name: asking(answer) for name, (answer, _) in {**NOWHERE, **INSIDE, **MIXED}.items()},
    **{name: asking(first, then, posts=3, restarts=True) for name, (first, then, _) in REBINDING.items()},
    "put right": asking(Answer(("127.0.0.1",)), Answer((OURS,)), posts=2, restarts=True),
    "one courier": asking(Answer((OURS,), ttl=0), Answer(("127.0.0.1",), ttl=0), posts=3),
    "own names": Wish(
        rules=RULES,
        settings=QUICK,
        names=dict.fromkeys(OWN_NAMES, (Answer((OURS,)),)),
        posts=(tuple(f"http://{name}/" for name in OWN_NAMES),),
    ),
    "forgotten at once": msgspec.structs.replace(
        asking(Answer((OURS,)), Answer(("127.0.0.1",)), Answer((OURS,)), posts=3), settings=FORGETTING
    ),
    "a lost question": msgspec.structs.replace(
        asking(Answer(silent=True), Answer((OURS,))), settings=PATIENT
    ),
    "spellings": Wish(
        rules=RULES,
        settings=QUICK,
        names=dict.fromkeys(("receiver.test",), (Answer((OURS,)),)),
        posts=(tuple(f"http://{name}/" for name in SPELLINGS),),
    ),
    "one look-up": Wish(
        rules=RULES,
        settings=FORGETTING,
        names={"receiver.test": (Answer((OURS,)),)},
        posts=((URL,) * 50,),
    ),
    "ten silent": Wish(
        rules=RULES,
        settings=SOONER,
        names={**SILENT, "receiver.test": (Answer((OURS,)),)},
        posts=((*TO_SILENT[:10], URL),),
    ),
    "a hundred silent": Wish(
        rules=RULES,
        settings=SOONER,
        names={**SILENT, "receiver.test": (Answer((OURS,)),), "new.test": (Answer((OURS,)),)},
        posts=((URL,), (*TO_SILENT, URL, "http://new.test/")),
    ),
    "a silent neighbour": Wish(
        rules=RULES,
        settings=QUICK,
        names={"silent.test": (Answer(silent=True),), "receiver.test": (Answer((OURS,)),)},
        posts=(("http://silent.test/", URL),),
    ),
}
"""All are done in one network, one after another: to make a network takes longer than to use it."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """What came of each wish; none took too long, and a connection inside would have been noticed."""
    done = in_own_network(list(WISHES.values()), tmp_path_factory.mktemp("resolver"))
    for wish, result in zip(WISHES.values(), done, strict=True):
        assert result.plainly == list(wish.plain)
        assert max(result.seconds) < PATIENCE
        assert result.seconds[-1] < 0.5  # closing waits for nobody
    return dict(zip(WISHES, done, strict=True))


@pytest.mark.parametrize("name", NOWHERE)
def test_p17_a_name_that_leads_nowhere(seen: dict[str, Seen], name: str) -> None:
    """The attempt ends with words, in its time, and nothing is called."""
    assert seen[name].ends == [[NOWHERE[name][1]]]
    assert seen[name].reached == []
    assert seen[name].asked["receiver.test"] > 0


@pytest.mark.parametrize("name", INSIDE)
def test_i19_a_name_that_leads_inside(seen: dict[str, Seen], name: str) -> None:
    """Refused when the socket would be opened, though the name looks like any other."""
    [[end]] = seen[name].ends
    assert end.fault is not None
    assert end.fault.startswith(f"address not allowed: {INSIDE[name][1]}")
    assert seen[name].reached == []


@pytest.mark.parametrize("name", MIXED)
def test_p17_only_the_public_address_is_called(seen: dict[str, Seen], name: str) -> None:
    """However many forbidden ones stand around it, the result arrives at the public one and nowhere else."""
    assert seen[name].ends == [[DELIVERED]]
    assert seen[name].reached == [MIXED[name][1]]


@pytest.mark.parametrize("name", REBINDING)
def test_p17_rebinding_on_the_second_lookup(seen: dict[str, Seen], name: str) -> None:
    """First a public address, then one inside: the second attempt looks the name up again and is refused."""
    [first], [second], [third] = seen[name].ends
    assert first == DELIVERED
    assert second == third
    assert (second.fault or "").startswith(f"address not allowed: {REBINDING[name][2]} is ")
    assert seen[name].reached == [OURS]
    assert seen[name].asked["receiver.test"] == 3


def test_p17_a_name_that_is_put_right(seen: dict[str, Seen]) -> None:
    """A refusal is not remembered beyond the courier that it met."""
    assert seen["put right"].ends == [[LOOPBACK], [DELIVERED]]
    assert seen["put right"].reached == [OURS]


def test_p17_rebinding_under_one_courier(seen: dict[str, Seen]) -> None:
    """One courier keeps the vetted address for ten seconds, whatever the TTL says: never the unvetted one."""
    assert seen["one courier"].ends == [[DELIVERED]] * 3
    assert set(seen["one courier"].reached) == {OURS}
    assert seen["one courier"].asked["receiver.test"] == 1


def test_i19_a_name_of_this_machine_is_never_asked_for(seen: dict[str, Seen]) -> None:
    """Localhost means loopback whatever the name server says of it (RFC 6761, 6.3), and is refused."""
    [ends] = seen["own names"].ends
    assert [(end.fault or "").startswith("address not allowed: ") for end in ends] == [True] * len(OWN_NAMES)
    assert (seen["own names"].asked, seen["own names"].reached) == ({}, [])


def test_p17_a_silent_name_server_delays_no_neighbour(seen: dict[str, Seen]) -> None:
    """While one name is not resolved, a result to another one arrives."""
    assert seen["a silent neighbour"].ends == [[NOT_RESOLVED, DELIVERED]]
    assert seen["a silent neighbour"].reached == [OURS]


def test_p17_every_look_up_is_vetted(seen: dict[str, Seen]) -> None:
    """Where nothing is remembered, each answer counts by itself: a refusal between two deliveries."""
    assert seen["forgotten at once"].ends == [[DELIVERED], [LOOPBACK], [DELIVERED]]
    assert set(seen["forgotten at once"].reached) == {OURS}


def test_p17_a_lost_question_is_asked_again(seen: dict[str, Seen]) -> None:
    """One datagram that got lost costs a second, not the result."""
    assert seen["a lost question"].ends == [[DELIVERED]]


def test_p17_spellings_of_a_name(seen: dict[str, Seen]) -> None:
    """Capitals, and the dot at the end: libcurl calls what was found for each of them."""
    assert seen["spellings"].ends == [[DELIVERED] * len(SPELLINGS)]
    assert set(seen["spellings"].reached) == {OURS}


def test_p18_one_look_up_for_all_who_wait(seen: dict[str, Seen]) -> None:
    """Fifty results for one name ask its name server once."""
    assert seen["one look-up"].ends == [[DELIVERED] * 50]
    assert seen["one look-up"].asked["receiver.test"] == 1


def test_p18_ten_silent_name_servers_delay_nobody(seen: dict[str, Seen]) -> None:
    """Ten names that are never answered, posted before another one: it is delivered at once."""
    assert seen["ten silent"].ends == [[NOT_RESOLVED_SOONER] * 10 + [DELIVERED]]
    *silent, ours = seen["ten silent"].ended_after[0]
    assert ours < min(silent)


def test_p18_a_hundred_silent_name_servers_delay_nobody(seen: dict[str, Seen]) -> None:
    """Neither a receiver that answered before nor one never called before waits behind them."""
    _, ends = seen["a hundred silent"].ends
    assert (len(ends), ends[-2:]) == (MANY + 2, [DELIVERED] * 2)
    assert set(ends[:MANY]) == {NOT_RESOLVED_SOONER}
    *silent, known, new = seen["a hundred silent"].ended_after[1]
    assert max(known, new) < min(silent)
