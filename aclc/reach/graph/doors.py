"""What each destination of each rule opens, with its conditions told apart: what questions about one connection ask
of."""

from __future__ import annotations

from aclc.net import ALL_PORTS
from aclc.reach.graph.space import Edge, View
from aclc.records import NamedTuple
from aclc.resolve.posture import effective_postures


class Door(NamedTuple):
    """One destination of one rule for one protocol.

    `edge`: what it opens, posture and `via` applied; it may open nothing. `named`: the sources that the rule names,
    whatever they show. `meant`: the targets that the destination means, whatever router leads there. `postures`: what
    the rule asks of its sources, any one of them; empty: nothing.
    """

    edge: Edge
    named: int
    meant: int
    postures: tuple[str, ...]

    def opens(self, protocol: int, port: int | None) -> bool:
        """Tell whether it is for the protocol and port; None: any of any."""
        return port is None or self.edge.opens(protocol, port)

    def speaks(self, protocol: int, port: int | None) -> bool:
        """Tell whether it is for the protocol, on whatever port."""
        return self.opens(protocol, port) or self.edge._replace(ports=(ALL_PORTS,)).opens(protocol, 0)


def doors(view: View) -> tuple[Door, ...]:
    """Give every destination of every rule, in the order of the rules; rules that open nothing here are among them."""
    found: list[Door] = []
    members = view.targets.of_nodes(view.resolved.names.members) & view.live
    for index, grant in enumerate(view.resolved.grants):
        postures = effective_postures(view.resolved.policy, grant.src_posture)
        src = view.sources_of_rule(grant)
        named = src
        for selector in grant.src if postures else ():
            named |= view.sources_of(selector)
        for part in grant.parts:
            for network in part.networks:
                for target in network.targets:
                    meant = members if part.is_self else view.targets_of(target.selector)
                    targets = meant if grant.via is None else view.targets_of(target.selector, grant.via)
                    edge = Edge(
                        index, src, target.selector, targets, network.protocol, target.ports, part.is_self, target.items
                    )
                    found.append(Door(edge, named, meant, postures))
    return tuple(found)
