"""Edges found by look-up = edges found by walking over all of them."""

from __future__ import annotations

from hypothesis import given, settings

from aclc.net import PortRange, PortSet
from aclc.reach.graph.edge_index import EdgeIndex
from aclc.reach.graph.space import PORT_PROTOCOLS, Edge
from aclc.resolve.node_sets import node_set
from tests.properties.oracle import World
from tests.properties.strategies import worlds
from tests.reach.engine import view_of

PROTOCOLS = (1, 6, 17, 47, 58, 132)


def gives_all(wide: Edge, narrow: Edge) -> bool:
    """Tell whether an edge opens every packet to every target that another one opens; ping passes anyway."""
    if narrow.targets & ~wide.targets:
        return False
    spoken = [each for each in PROTOCOLS if each not in {1, 58} and narrow.opens(each, 1) | narrow.opens(each, 65535)]
    if narrow.protocol in PORT_PROTOCOLS:
        spoken = [narrow.protocol]
    elif narrow.protocol is None:
        spoken = [6, 17]
    edges = {port for each in (wide, narrow) for ports in each.ports for port in (ports.first, ports.last, 0, 65535)}
    ports = {near for port in edges for near in (port - 1, port, port + 1) if 0 <= near <= 65535}
    return all(wide.opens(each, port) or not narrow.opens(each, port) for each in spoken for port in ports)


@settings(max_examples=12)
@given(worlds())
def test_look_ups_find_what_a_walk_finds(world: World) -> None:
    view = view_of(world)
    edges = view.edges
    index = EdgeIndex(edges)
    assert index.is_self == node_set([at for at, edge in enumerate(edges) if edge.is_self])
    for target in range(len(view.targets)):
        assert index.at_target(target) == node_set([at for at, edge in enumerate(edges) if edge.targets >> target & 1])
    for edge in edges:
        for targets in (edge.targets, edge.targets & -edge.targets, edge.targets & view.targets.families[1]):
            wanted = node_set([at for at, each in enumerate(edges) if each.targets & targets])
            assert index.to(targets) == wanted
    ports = {port for edge in edges for each in edge.ports for port in (each.first, each.last, each.last + 1)}
    for protocol in PROTOCOLS:
        for port in {0, 1, 65535, *(port for port in ports if port <= 65535)}:
            wanted = node_set([at for at, edge in enumerate(edges) if edge.opens(protocol, port)])
            assert index.opening(protocol, port) == wanted


@settings(max_examples=12)
@given(worlds())
def test_edges_are_found_by_the_ports_that_they_hold(world: World) -> None:
    edges = view_of(world).edges
    index = EdgeIndex(edges)
    asked = {edge.ports for edge in edges} | {(PortRange(0, 65535),), (PortRange(1, 1), PortRange(65535, 65535))}
    for ports in asked:
        wanted = PortSet.of(*ports)
        held = [PortSet.of(*edge.ports) for edge in edges]
        every = node_set([at for at, each in enumerate(held) if not wanted - each])
        some = node_set([at for at, each in enumerate(held) if wanted & each])
        assert index.opening_ports(ports) == (every, some)
    for protocol in PROTOCOLS:
        wide = [edge._replace(ports=(PortRange(0, 65535),)) for edge in edges]
        speaking = [at for at, edge in enumerate(wide) if edge.opens(protocol, 1)]
        if protocol not in {1, 58}:  # ping passes whatever an edge is about
            assert index.speaking(protocol) == node_set(speaking)


@settings(max_examples=12)
@given(worlds())
def test_an_index_like_another_one_tells_of_its_own_edges(world: World) -> None:
    view = view_of(world)
    index = EdgeIndex(view.edges)
    others = [edge._replace(src=edge.src | 1, targets=edge.targets & ~(edge.grant & 1)) for edge in view.edges]
    for edges in ([edge._replace(src=0) for edge in view.edges], others):
        alone, like = EdgeIndex(edges), EdgeIndex(edges, index)
        for target in range(len(view.targets)):
            assert alone.at_target(target) == like.at_target(target)


@settings(max_examples=12)
@given(worlds())
def test_what_gives_all_of_an_edge_does_so(world: World) -> None:
    edges = view_of(world).edges
    index = EdgeIndex(edges)
    for at, edge in enumerate(edges):
        giving = index.giving(edge)
        assert giving >> at & 1
        for number, other in enumerate(edges):
            if giving >> number & 1:
                assert gives_all(other, edge)
            elif other.protocol == edge.protocol and edge.protocol in {None, *PORT_PROTOCOLS}:
                covers = all(
                    PortSet.of(*other.ports).covers(PortRange(*each)) for each in PortSet.of(*edge.ports).ranges
                )
                assert edge.targets & ~other.targets or not covers
