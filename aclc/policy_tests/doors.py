"""The entries of `ssh` as one test sees them: whom they let in where, and as whom."""

from __future__ import annotations

from collections.abc import Iterator

from aclc.policy.model import SshRule, SshTest
from aclc.policy.selectors import Kind, parse_selector
from aclc.policy_tests.world import SELF, Party, Reach, World
from aclc.records import NamedTuple
from aclc.resolve.posture import allowed_by_posture

_IDENTITIES: frozenset[Kind] = frozenset({"user", "group", "tag", "domain-users", "autogroup"})


class Door(NamedTuple):
    """An entry of `ssh` that speaks of a test's source.

    `target`: the destination that is asked about; `targets`: what of it the entry names, but for `autogroup:self`,
    which hangs on the source. `is_guarded`: a posture keeps the test's source out. `of_group`: the source is a group,
    so that whose own devices it means is not known.
    """

    rule: SshRule
    sources: Reach
    target: Party
    targets: Reach
    has_self: bool
    is_guarded: bool
    of_group: bool

    def reached_from(self, source: int, world: World) -> Reach:
        """Give what of the destination a source gets into, if the login is right."""
        own = world.own_nodes(source) & self.target.nodes
        surely, maybe = self.targets
        if self.has_self and not self.of_group:
            surely |= own
        elif self.has_self or any(parse_selector(login).kind == "localpart" for login in self.rule.users or ()):
            # WHY: with `localpart:` the control plane also lets sources into their own devices (reference §6.3, the
            # quirk); whether its tests know that is not known.
            maybe |= own
        if self.sources.surely >> source & 1:
            return Reach(surely, maybe & ~surely)
        return Reach(0, surely | maybe) if self.sources.maybe >> source & 1 else Reach()

    def takes(self, login: str, source: int, world: World) -> bool:
        """Tell whether the entry lets a source in as this login."""
        for user in self.rule.users or ():
            selector = parse_selector(user)
            if selector.kind == "localpart":
                local, _, domain = (world.resolved.names.owners[source] or "").rpartition("@")
                if (local, domain) == (login, selector.name):
                    return True
            elif user == login or (user == "autogroup:nonroot" and login != "root"):
                return True
        return False


def doors(world: World, test: SshTest, source: Party, target: Party) -> Iterator[Door]:
    """Give the entries of `ssh` whose `src` has the source of a test, in file order."""
    for rule in world.policy.ssh or ():
        if rule.action not in {"accept", "check"}:
            continue
        sources = world.sources([each for each in rule.src if each.kind in _IDENTITIES], source)
        if sources == Reach():
            continue
        surely = maybe = 0
        for selector in rule.dst:
            if selector.kind in _IDENTITIES and selector.name != SELF:
                found = world.targets(selector, target)
                surely |= found.surely
                maybe |= found.maybe
        # WHY not shared: a node that is shared in takes its rules from its own tailnet.
        surely &= ~world.resolved.names.shared
        is_guarded = not allowed_by_posture(world.policy, rule.src_posture, test.src_posture_attrs)
        has_self = any(each.name == SELF for each in rule.dst)
        of_group = source.selector.kind == "group"
        yield Door(rule, sources, target, Reach(surely, maybe & ~surely), has_self, is_guarded, of_group)
