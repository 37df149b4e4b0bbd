"""The directory: every organization, customer and operator, in memory, for decisions that must not wait."""

from collections.abc import Collection, Iterable, Iterator

from salio.core.parties.customers import Customer
from salio.core.parties.operators import Operator
from salio.core.parties.organizations import Organization


class Directory:
    """Looks parties up by the names that requests use. Only the deciding step changes it."""

    def __init__(
        self,
        organizations: Iterable[Organization],
        customers: Iterable[Customer],
        operators: Iterable[Operator],
    ) -> None:
        self._organizations = {each.short_code: each for each in organizations}
        self._customers = {each.msisdn: each for each in customers}
        self._operators: dict[tuple[str, str], Operator] = {}
        self._names: dict[str, list[str]] = {}
        for each in operators:
            self.put(each)

    def organization(self, short_code: str) -> Organization | None:
        """The organization behind a short code."""
        return self._organizations.get(short_code)

    def organizations(self) -> list[Organization]:
        """Every organization, short code by short code."""
        return sorted(self._organizations.values(), key=lambda each: each.short_code)

    def customer(self, msisdn: str) -> Customer | None:
        """The customer behind an MSISDN."""
        return self._customers.get(msisdn)

    def name_of(self, party: str) -> str:
        """The name of a short code or MSISDN as the other party sees it; empty when unknown."""
        known = self._organizations.get(party) or self._customers.get(party)
        return known.name if known else ""

    def upwards(self, short_code: str) -> Iterator[str]:
        """The short code itself, then its store, then its head office."""
        seen: set[str] = set()
        organization = self._organizations.get(short_code)
        while organization is not None and organization.short_code not in seen:
            seen.add(organization.short_code)
            yield organization.short_code
            organization = self._organizations.get(organization.parent or "")

    def within_reach(self, short_code: str, owned: Collection[str]) -> list[str]:
        """The short codes from this one up to those owned whose operators may act for it; empty if none.

        A head office may query its stores and tills, never the other way round (AB, FAQ 15).
        """
        line = list(self.upwards(short_code))
        while line and line[-1] not in owned:
            line.pop()
        return line

    def operator(self, name: str, short_codes: Iterable[str]) -> Operator | None:
        """The operator of that name at the first of these short codes that has one."""
        for short_code in short_codes:
            operator = self._operators.get((short_code, name))
            if operator is not None:
                return operator
        return None

    def operators_at(self, short_codes: Iterable[str]) -> Iterator[Operator]:
        """Every operator of these short codes, in their order; for the kept cause, never for a decision."""
        for short_code in short_codes:
            for name in self._names.get(short_code, ()):
                yield self._operators[short_code, name]

    def operators(self) -> list[Operator]:
        """Every operator, short code by short code."""
        return list(self.operators_at(sorted(self._names)))

    def put(self, operator: Operator) -> None:
        """Adds an operator or takes its changed state."""
        key = operator.short_code, operator.name
        if key not in self._operators:
            self._names.setdefault(operator.short_code, []).append(operator.name)
        self._operators[key] = operator

    def put_organization(self, organization: Organization) -> None:
        """Takes an organization's changed state."""
        self._organizations[organization.short_code] = organization
