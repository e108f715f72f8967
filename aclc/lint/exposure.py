"""Who is let in how widely, worked out once for all rules that ask.

Breadth is asked of newcomers of the canonical population: a member, a tagged device and an outsider that no rule names.
What they may do, everybody of their kind may, in every tailnet.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from aclc.diagnostics import Note
from aclc.lint.rule import Context, shared
from aclc.net import INTERNET, TCP, UDP, WILDCARD, Address, PortRange, PortSet
from aclc.policy.model import Policy
from aclc.policy.selectors import ROLE_AUTOGROUPS, Selector
from aclc.reach.graph.edge_index import EdgeIndex
from aclc.reach.graph.space import Edge, Space, View
from aclc.reach.population.population import NEW_DOMAIN, NEW_LOGIN, NEW_TAG, canonical_population
from aclc.reach.powers.ssh import SshEdge, ssh_edges
from aclc.resolve.model import ResolvedGrant
from aclc.resolve.node_sets import indices_of, node_set, union_of
from aclc.resolve.posture import effective_postures
from aclc.resolve.resolution import resolve
from aclc.source import Place

MANAGEMENT_PORTS = {
    22: "SSH",
    23: "Telnet",
    135: "Windows RPC",
    139: "NetBIOS",
    445: "SMB",
    623: "IPMI",
    1433: "SQL Server",
    1521: "Oracle",
    2049: "NFS",
    2375: "Docker",
    2376: "Docker",
    2379: "etcd",
    3306: "MySQL",
    3389: "RDP",
    5432: "PostgreSQL",
    5900: "VNC",
    5985: "WinRM",
    5986: "WinRM",
    6379: "Redis",
    6443: "Kubernetes",
    8006: "Proxmox",
    9200: "Elasticsearch",
    10250: "kubelet",
    11211: "memcached",
    27017: "MongoDB",
}
"""TCP ports of services that administer a machine or hold its data, as firewall audits list them."""

SENSITIVE_WORDS = frozenset(
    {"prod", "production", "db", "database", "vault", "pci", "secret", "secrets", "payment", "payments"}
)
"""Words of a tag's name that tell of machines with more to lose than others."""

EVERY_PORT = PortRange(1, 65535)


class Exposure:
    """What a policy opens to kinds of devices, in every tailnet. All of it is worked out when first asked for."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    @cached_property
    def view(self) -> View:
        """The policy on the canonical population."""
        population = canonical_population((self._policy,))
        resolved = resolve(self._policy, population.tailnet).value
        assert resolved is not None  # `resolve` gives a value for every policy and tailnet
        return Space((resolved,), population.routed).views[0]

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """What the rules open; nothing where there are none, which another rule speaks of."""
        if self._policy.allows_everything_by_default:
            return ()
        return tuple(edge for edge in self.view.edges if edge.items)

    @cached_property
    def index(self) -> EdgeIndex:
        """The same edges, to be looked up."""
        return EdgeIndex(self.edges)

    @cached_property
    def sessions(self) -> tuple[SshEdge, ...]:
        """The entries of `ssh` that let somebody in."""
        return ssh_edges(self.view.resolved)

    def grant(self, edge: Edge) -> ResolvedGrant:
        """Give the rule that an edge comes from."""
        return self.view.resolved.grants[edge.grant]

    def dst(self, edge: Edge) -> Place:
        """Give the first item of `dst` that an edge comes from."""
        return self.grant(edge).place.at("dst", edge.items[0].dst)

    def note(self, edge: Edge, text: str) -> Note:
        """Give a note at the item of `dst` that an edge comes from."""
        return Note(self.dst(edge).span, text)

    # --- newcomers ---

    @cached_property
    def _new(self) -> tuple[int, int, int]:
        """Nodes of a new member, new tagged nodes, and devices shared in by a stranger."""
        nodes = list(enumerate(self.view.resolved.tailnet.nodes))
        login = f"{NEW_LOGIN}@{NEW_DOMAIN}"
        return (
            node_set([at for at, node in nodes if node.user == login and not node.tags and not node.shared]),
            node_set([at for at, node in nodes if node.tags == (NEW_TAG,)]),
            node_set([at for at, node in nodes if node.shared and node.name.startswith("outsider")]),
        )

    def _holds(self, found: int, nodes: int) -> bool:
        """Tell whether sources hold all addresses of some family of nodes."""
        own = self.view.sources.of_nodes(nodes)
        return any(own & family and not own & family & ~found for family in self.view.sources.families)

    def any_member(self, sources: int) -> bool:
        """Tell whether sources hold every member's devices, also of those who are yet to come."""
        return self._holds(sources, self._new[0])

    def any_tagged(self, sources: int) -> bool:
        """Tell whether sources hold every tagged device."""
        return self._holds(sources, self._new[1])

    def any_outsider(self, sources: int) -> bool:
        """Tell whether sources hold every device that was shared in."""
        return self._holds(sources, self._new[2])

    def anybody(self, sources: int) -> bool:
        """Tell whether sources hold all there are."""
        return self.any_member(sources) and self.any_tagged(sources) and self.any_outsider(sources)

    def any_device(self, targets: int) -> bool:
        """Tell whether targets hold all devices, of members and tagged."""
        own = self.view.targets.of_nodes(self._new[0] | self._new[1]) & self.view.live
        return any(own & family and not own & family & ~targets for family in self.view.targets.families)

    @cached_property
    def allows_all(self) -> tuple[Edge, ...]:
        """The rules by which every member and every tagged device reaches every other on all TCP and UDP ports; empty
        where they do not."""
        view, (members, tagged, _) = self.view, self._new
        used: dict[Edge, None] = {}
        for family in range(2):
            sources = indices_of(view.sources.of_nodes(members | tagged) & view.sources.families[family])
            targets = view.targets.of_nodes(members | tagged) & view.targets.families[family] & view.live
            wide = [edge for edge in self.edges if not edge.is_self and edge.targets & targets]
            # WHY together: most sources are let in by the same rules.
            for mine in {tuple(at for at, edge in enumerate(wide) if edge.src >> source & 1) for source in sources}:
                edges = [wide[at] for at in mine]
                if not self._open_all(edges, targets):
                    return ()
                used.update(dict.fromkeys(edges))
        return tuple(dict.fromkeys(edge for edge in self.edges if edge in used))

    @staticmethod
    def _open_all(edges: list[Edge], targets: int) -> bool:
        for protocol in (TCP, UDP):
            speaking = [edge for edge in edges if edge.protocol in {None, protocol}]
            if targets & ~union_of([edge.targets for edge in speaking]):
                return False
            whole = [edge.targets for edge in speaking if PortSet.of(*edge.ports).covers(EVERY_PORT)]
            for target in indices_of(targets & ~union_of(whole)):
                ports = PortSet.of(*(each for edge in speaking if edge.targets >> target & 1 for each in edge.ports))
                if not ports.covers(EVERY_PORT):
                    return False
        return True

    # --- rules ---

    def opens_every_port(self, edge: Edge) -> bool:
        """Tell whether an edge leaves no TCP port closed."""
        return edge.protocol in {None, TCP} and PortSet.of(*edge.ports).covers(EVERY_PORT)

    @cached_property
    def behind(self) -> int:
        """Targets that are public or unknown addresses behind exit nodes."""
        targets = self.view.targets
        pieces = indices_of((1 << len(targets)) - 1 & ~targets.own)
        return node_set([at for at in pieces if targets.items[at].kind in {"internet", "elsewhere"}])

    @cached_property
    def internet(self) -> int:
        """Targets that are public addresses behind exit nodes."""
        exits = self.view.resolved.exit_nodes
        return node_set(
            [
                at
                for at, each in enumerate(self.view.targets.items)
                if each.node is not None
                and exits >> each.node & 1
                and INTERNET.contains(Address(each.family, each.first))
            ]
        )

    @cached_property
    def management(self) -> dict[int, dict[Edge, tuple[int, ...]]]:
        """For each rule that opens management ports of some devices, but not of all, to any member: its edges, with
        the ports. SSH does not count where an entry of `ssh` leads to the same devices, which it has to be open for."""
        found: dict[int, dict[Edge, tuple[int, ...]]] = {}
        sessions = 0
        for session in self.sessions:
            sessions |= self.view.targets.of_nodes(session.targets)
        for edge in self.edges:
            if edge.is_self or edge.protocol not in {None, TCP} or not edge.targets & ~self.behind:
                continue
            if not self.any_member(edge.src) or (self.any_device(edge.targets) and self.opens_every_port(edge)):
                continue
            opened = PortSet.of(*edge.ports)
            ports = [port for port in MANAGEMENT_PORTS if opened.contains(port)]
            if 22 in ports and edge.targets & sessions:
                ports.remove(22)
            if ports:
                found.setdefault(edge.grant, {})[edge] = tuple(ports)
        return found

    def selector_of(self, edge: Edge, wanted: int) -> tuple[Place, Selector | None]:
        """Give the item of `src` that holds some sources, or the whole list where only several together do."""
        grant = self.grant(edge)
        postures = effective_postures(self._policy, grant.src_posture)
        for index, selector in enumerate(grant.src):
            if self._holds(self.view.sources_of(selector, postures), wanted):
                return grant.place.at("src", index), selector
        return grant.place.at("src"), None

    def who(self, edge: Edge) -> str:
        """Give in words which kinds of devices an edge lets in whole; empty for none."""
        src = edge.src
        if self.anybody(src):
            return "every device, also of people outside to whom something is shared,"
        if self.any_member(src) and self.any_tagged(src):
            return "every device"
        if self.any_member(src):
            return "every member"
        if self.any_tagged(src):
            return "every tagged device"
        return "everybody to whom something is shared" if self.any_outsider(src) else ""

    @property
    def everybody(self) -> int:
        """Nodes that stand for all kinds: any member, any tagged device and anybody outside."""
        return self._new[0] | self._new[1] | self._new[2]

    @cached_property
    def widest(self) -> tuple[Edge, ...]:
        """The edges, each with whatever it may open in some tailnet: an address of the tailnet's own range may belong
        to any device. For saying that something is *not* allowed."""
        own_sources, own_targets = self.view.sources.own, self.view.targets.own & self.view.live
        loose_rules = {
            index
            for index, grant in enumerate(self.view.resolved.grants)
            if any(self._may_be_any_device(selector) for selector in grant.src)
        }
        return tuple(
            edge._replace(
                src=edge.src | own_sources if edge.grant in loose_rules else edge.src,
                targets=self._unsteered(edge) | (own_targets if self._may_be_any_device(edge.dst) else 0),
            )
            for edge in self.edges
        )

    @cached_property
    def widest_index(self) -> EdgeIndex:
        """The widest edges, to be looked up."""
        return EdgeIndex(self.widest, self.index)

    def _unsteered(self, edge: Edge) -> int:
        """Give the targets of an edge whatever router serves them: `via` hides no address from whom it is open to."""
        return edge.targets if self.grant(edge).via is None else edge.targets | self.view.targets_of(edge.dst)

    def _may_be_any_device(self, selector: Selector) -> bool:
        names = self.view.resolved.names
        if selector.kind == "service":
            return True
        prefixes = names.ipset(selector).prefixes() if selector.kind == "ipset" else names.prefixes(selector)
        return any(WILDCARD.overlaps(prefix) for prefix in prefixes)

    def opens(self, nodes: int, targets: int, protocol: int, port: int) -> bool:
        """Tell whether some of the nodes reach some targets on a port, in every tailnet."""
        return self._opens(self.index, nodes, targets, protocol, port)

    def may_open(self, nodes: int, targets: int, protocol: int, port: int) -> bool:
        """Tell whether some of the nodes may reach some targets on a port, in some tailnet.

        Whoever a policy names may have any role, so what is open to a role is open to every member.
        """
        return self._opens(self._loosest_index, nodes, targets, protocol, port)

    @cached_property
    def loosest(self) -> tuple[Edge, ...]:
        """The widest edges, those for a role open to every member: whoever a policy names may have any role."""
        members = self.view.member_sources
        by_role = {
            index
            for index, grant in enumerate(self.view.resolved.grants)
            if any(selector.name in ROLE_AUTOGROUPS for selector in grant.src)
        }
        return tuple(edge._replace(src=edge.src | members) if edge.grant in by_role else edge for edge in self.widest)

    @cached_property
    def _loosest_index(self) -> EdgeIndex:
        return EdgeIndex(self.loosest, self.widest_index)

    def devices(self, selector: Selector) -> int:
        """Give the nodes that a source may name in some tailnet: of a role, every member; those shared in left out."""
        names = self.view.resolved.names
        return names.members if selector.name in ROLE_AUTOGROUPS else names.nodes(selector) & ~names.shared

    def _opens(self, index: EdgeIndex, nodes: int, targets: int, protocol: int, port: int) -> bool:
        view = self.view
        sources = view.sources.of_nodes(nodes)
        for edge in index.of(indices_of(index.opening(protocol, port) & index.to(targets))):
            if not edge.src & sources:
                continue
            if not edge.is_self:
                return True
            inside = view.sources.nodes_in(edge.src & sources & view.member_sources)
            if any(view.same_owner(view.targets, node) & targets for node in indices_of(inside)):
                return True
        return self._policy.allows_everything_by_default

    def unchecked(self, login: str) -> tuple[SshEdge, ...]:
        """Give the entries of `ssh` that let people in as a login without asking again. Machines cannot be asked.

        Left out are those whose sources and targets an entry with `check` has too: it comes first.
        """
        people = self.view.resolved.names.members
        checks = [each for each in self.sessions if each.mode == "check"]
        found = []
        for session in self.sessions:
            sources = session.lets_in(login) & people
            for check in checks:
                if not session.targets & ~check.targets and not session.own & ~check.own:
                    sources &= ~check.lets_in(login)
            if session.mode == "accept" and sources:
                found.append(session)
        return tuple(found)


def sounds_sensitive(selector: Selector) -> bool:
    """Tell whether a selector is a tag with a sensitive word in its name; whole words count, between dashes."""
    words = selector.name.removeprefix("tag:").lower().split("-")
    return selector.kind == "tag" and not SENSITIVE_WORDS.isdisjoint(words)


def ports_text(edge: Edge) -> str:
    """Give the ports of an edge in words: `port 443`, `ports 80,443`, `every port`."""
    ports = PortSet.of(*edge.ports).ranges
    if ports in {((0, 65535),), ((1, 65535),)}:
        return "every port"
    listed = [str(PortRange(*each)) for each in ports]
    text = ",".join(listed[:5]) + (",…" if len(listed) > 5 else "")
    return f"port {text}" if len(listed) == 1 and "-" not in text else f"ports {text}"


def named(items: Iterable[str], most: int = 3) -> str:
    """Give names as a list for people, in backticks: at most `most` of them, then how many more; empty for none."""
    listed = list(dict.fromkeys(items))
    shown = [f"`{each}`" for each in listed[:most]]
    if len(listed) > most:
        shown.append(f"{len(listed) - most} more")
    return "".join(shown) if len(shown) < 2 else f"{', '.join(shown[:-1])} and {shown[-1]}"


@shared
def exposure_of(context: Context) -> Exposure:
    """Give what the policy opens to kinds of devices in every tailnet, whatever the tailnet is."""
    return Exposure(context.policy)


@shared
def view_of(context: Context) -> View:
    """Give the policy as a graph of who reaches what: on the tailnet where there is one, else for every tailnet.

    Only rules about meaning may ask for it: they do not run on a policy with errors.
    """
    if context.tailnet is None:
        return exposure_of(context).view
    resolved = resolve(context.policy, context.tailnet).value
    assert resolved is not None  # `resolve` gives a value for every policy and tailnet
    return Space((resolved,)).views[0]
