"""The policy's `ipsets`, worked out (reference §2.5)."""

from __future__ import annotations

from aclc.net import INTERNET, IpSet, parse_range
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.records import NamedTuple


class EvaluatedIpset(NamedTuple):
    """What an ipset holds. `internet`: autogroup:internet was added to it, here or in an ipset that it takes in."""

    addresses: IpSet = IpSet()
    internet: bool = False


_EMPTY = EvaluatedIpset()


class Ipsets:
    """The ipsets of a policy, each worked out at most once."""

    __slots__ = ("_done", "_policy")

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._done: dict[str, EvaluatedIpset] = {}

    def get(self, name: str) -> EvaluatedIpset:
        """Give an ipset by its full name. Steps are applied in order.

        Empty where any step cannot be worked out: an unknown name, a cycle, a selector that ipsets do not take. A step
        that `remove`s something unknown must not leave more than was meant, so the whole set fails closed.
        """
        return self._evaluate(name, ()) or _EMPTY

    def _evaluate(self, name: str, above: tuple[str, ...]) -> EvaluatedIpset | None:
        if name in self._done:
            return self._done[name]
        ipset = self._policy.ipsets.get(name)
        if ipset is None or name in above:
            return None
        addresses, internet = IpSet(), False
        for step in ipset.steps:
            part = self._part(step.selector, (*above, name))
            if part is None:
                # WHY not remembered: inside a cycle the answer depends on where one came in.
                return None
            addresses = addresses - part.addresses if step.remove else addresses | part.addresses
            internet = internet or (part.internet and not step.remove)
        done = self._done[name] = EvaluatedIpset(addresses, internet)
        return done

    def _part(self, selector: Selector, above: tuple[str, ...]) -> EvaluatedIpset | None:
        match selector.kind:
            case "prefix" if selector.prefix is not None:
                return EvaluatedIpset(IpSet.of(selector.prefix))
            case "range":
                ends = parse_range(selector.text)
                if ends is None:
                    return None
                low, high = ends
                return EvaluatedIpset(IpSet.from_intervals([(low.family, low.value, high.value)]))
            case "host-prefixed" | "host":
                host = self._policy.hosts.get(selector.name)
                return EvaluatedIpset(IpSet.of(host.prefix)) if host is not None and host.prefix is not None else None
            case "ipset":
                return self._evaluate(selector.name, above)
            case "autogroup" if selector.name == "autogroup:internet":
                return EvaluatedIpset(INTERNET, internet=True)
            case _:
                return None
