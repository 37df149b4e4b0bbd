"""Identifiers: in each profile's form, never twice, and with a seed the same in every run."""

import re

import pytest

from salio.platform.identifiers import WireIdentifiers, entropy_of
from salio.wire.profile import PROFILES
from tests.builders import NOW

FORMS = {
    "documented": (r"[1-9]\d*-\d+-[1-9]", r"AG_20260816_[0-9a-f]{20}"),
    "observed": (r"[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\d+", r"AG_20260816_[0-9a-z]{20}"),
}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("seed", [None, "7"])
def test_the_form_is_the_profiles(profile: str, seed: str | None) -> None:
    """Of all three kinds; a thousand in a row are a thousand."""
    identifiers = WireIdentifiers(entropy_of(seed, "identifiers"))
    originator_form, conversation_form = FORMS[profile]
    made = [identifiers.conversation(profile, number, NOW) for number in range(1000)]
    assert all(re.fullmatch(originator_form, originator) for originator, _ in made)
    assert all(re.fullmatch(conversation_form, conversation) for _, conversation in made)
    requests = [identifiers.request_id(profile) for _ in range(1000)]
    assert all(re.fullmatch(originator_form, each) for each in requests)
    assert len({*made}) == len(set(requests)) == 1000


@pytest.mark.parametrize("profile", PROFILES)
def test_a_seed_makes_the_same_again(profile: str) -> None:
    """Another seed, or none, makes others."""

    def drawn(seed: str | None) -> list[tuple[str, str]]:
        identifiers = WireIdentifiers(entropy_of(seed, "identifiers"))
        return [identifiers.conversation(profile, number, NOW) for number in range(300)]

    assert drawn("7") == drawn("7")
    assert drawn("7") != drawn("8")
    assert drawn(None) != drawn(None)


def test_a_seed_is_another_for_each_purpose() -> None:
    """What tokens are drawn from tells nothing of what secrets are drawn from."""
    first, second = entropy_of("7", "tokens"), entropy_of("7", "secrets")
    assert first(32) != second(32)
