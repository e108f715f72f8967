"""The semantic difference of two policies: what a change really opens and closes, in every layer.

With a tailnet the answer is exact for it; without one it is worked out on the population that stands for every
tailnet, so that "no change" is a proof.
"""

from __future__ import annotations

from itertools import combinations

from aclc.policy.model import Policy
from aclc.reach.difference.accepted import (
    Accepted,
    Kind,
    accepts,
    accepts_attribute,
    accepts_capability,
    accepts_power,
    accepts_session,
)
from aclc.reach.difference.causes import RulePairs
from aclc.reach.difference.exposure_rows import ExposureRow, changes_for_strangers, exposure_rows
from aclc.reach.difference.gathered import Detail
from aclc.reach.difference.guards import GuardRemoved, removed_guards
from aclc.reach.difference.onward_rows import Onward, onward_rows
from aclc.reach.difference.power_rows import (
    AttributeRow,
    CapabilityRow,
    PowerRow,
    approval_rows,
    attribute_rows,
    capability_rows,
    ownership_rows,
)
from aclc.reach.difference.review import ReviewRow, review_rows
from aclc.reach.difference.session_rows import SessionRow, about_nodes, session_rows
from aclc.reach.difference.setting_rows import SettingRow, setting_rows
from aclc.reach.graph.compare import changes
from aclc.reach.graph.space import Space
from aclc.reach.population.population import CHECK_DOUBT
from aclc.reach.powers.powers import AssertionChange, assertion_changes
from aclc.reach.powers.ssh_terms import SshTerms, ssh_terms
from aclc.reach.words.setting import Setting, setting
from aclc.records import NamedTuple
from aclc.tailnet.model import Tailnet


class Diff(NamedTuple):
    """Everything that changes between two policies; each list in a fixed order, gains first, empty where nothing does.

    `tailnet`: the name of the tailnet it was worked out on, None: proven for every tailnet. `onward`: what new sessions
    lead to. `settings`: what else is set otherwise; it may be the reason of other rows. `doubts`: what that proof does
    not cover, in plain words. `exposure` repeats what `network` and `attributes` say, from strangers' side.
    """

    tailnet: str | None
    network: tuple[ReviewRow, ...]
    sessions: tuple[SessionRow, ...]
    onward: Onward
    capabilities: tuple[CapabilityRow, ...]
    attributes: tuple[AttributeRow, ...]
    approvals: tuple[PowerRow, ...]
    ownership: tuple[PowerRow, ...]
    exposure: tuple[ExposureRow, ...]
    guards: tuple[GuardRemoved, ...]
    assertions: tuple[AssertionChange, ...]
    settings: tuple[SettingRow, ...]
    doubts: tuple[str, ...]

    @property
    def changes_access(self) -> bool:
        """Whether anybody can do anything else than before. Tests are no access."""
        return bool(
            self.network or self.sessions or self.capabilities or self.attributes or self.approvals or self.ownership
        ) or any(each.loosens for each in self.settings)

    @property
    def gives_access(self) -> bool:
        """Whether anybody can do more than before, gains that were agreed to left aside."""
        return (
            any(each.gained and not each.accepted for each in self.network)
            or any(each.gained and not each.accepted for each in self.capabilities)
            or any(each.gained and not each.accepted for each in self.attributes)
            or any(each.gained and not each.accepted for each in (*self.approvals, *self.ownership))
            or any(each.kind in {"gained", "unchecked", "looser"} and not each.accepted for each in self.sessions)
            or any(each.loosens for each in self.settings)
        )


class Comparison(NamedTuple):
    """Two policies on one ground: the space of both, and what differs."""

    setting: Setting
    space: Space
    diff: Diff


def diff(
    old: Policy,
    new: Policy,
    tailnet: Tailnet | None = None,
    accepted: tuple[Accepted, ...] = (),
    detail: Detail = "short",
) -> Diff:
    """Give what changes from one policy to another.

    Args:
        old, new: read without errors.
        tailnet: facts to be exact on; None: every tailnet that fits the policies.
        accepted: gains that were agreed to; they stay in the answer, marked.
        detail: of connections: `exact` makes a row of each rectangle of access that changes as a whole.
    """
    return comparison(old, new, tailnet, accepted, detail).diff


def comparison(
    old: Policy,
    new: Policy,
    tailnet: Tailnet | None = None,
    accepted: tuple[Accepted, ...] = (),
    detail: Detail = "short",
) -> Comparison:
    """Give what changes, and the space that it was worked out in."""
    pairs = RulePairs(old, new)
    ground = setting((old, new), tailnet)
    space = ground.space((old, new))
    tag_sets = ssh_tag_sets(old, new) if ground.everywhere else []
    ssh_ground = setting((old, new), None, tag_sets=tag_sets) if tag_sets else ground
    ssh_space = ssh_ground.space((old, new)) if tag_sets else space
    after = space.views[1]
    found = changes(space)
    network = tuple(
        row._replace(accepted=row.gained and accepts(after, accepted, row))
        for row in review_rows(ground, space, pairs, found, detail)
    )
    strangers = [
        row._replace(accepted=row.gained and accepts(after, accepted, row))
        for row in review_rows(ground, space, pairs, changes_for_strangers(space, found), detail)
    ]
    sessions = tuple(
        row._replace(
            accepted=row.kind in {"gained", "unchecked", "looser"}
            and any(accepts_session(ssh_space.views[1], each, row) for each in accepted)
        )
        for row in session_rows(ssh_ground, ssh_space, pairs)
    )
    capabilities = tuple(
        row._replace(accepted=row.gained and any(accepts_capability(after, each, row) for each in accepted))
        for row in capability_rows(ground, space, pairs)
    )
    attributes = tuple(
        row._replace(accepted=row.gained and any(accepts_attribute(after, each, row) for each in accepted))
        for row in attribute_rows(ground, space, pairs)
    )
    plain = sessions
    if ssh_space is not space:
        # WHY these: both populations are the same but for nodes with several tags.
        nodes = enumerate(ssh_ground.tailnet.nodes)
        plain = about_nodes(sessions, [at for at, node in nodes if len(node.tags) < 2])
    differs = Diff(
        tailnet=None if ground.everywhere else ground.tailnet.name,
        network=network,
        sessions=sessions,
        onward=onward_rows(ground, space, plain, network),
        capabilities=capabilities,
        attributes=attributes,
        approvals=_accepted_powers(approval_rows(old, new), accepted, "offer"),
        ownership=_accepted_powers(ownership_rows(old, new), accepted, "apply"),
        exposure=exposure_rows(space, network, strangers, attributes),
        guards=removed_guards(old, new, pairs),
        assertions=assertion_changes(old, new),
        settings=setting_rows(old, new),
        doubts=tuple(each for each in ground.doubts if sessions or each != CHECK_DOUBT),
    )
    return Comparison(ground, space, differs)


def _accepted_powers(rows: tuple[PowerRow, ...], accepted: tuple[Accepted, ...], kind: Kind) -> tuple[PowerRow, ...]:
    return tuple(
        row._replace(accepted=row.gained and any(accepts_power(each, kind, row) for each in accepted)) for row in rows
    )


def ssh_tag_sets(*policies: Policy) -> list[tuple[str, ...]]:
    """Give pairs of tags such that a node with both tells whether an entry of `ssh` stands before another that lets in
    otherwise: asked again or not, and on which terms."""
    tags: dict[SshTerms, dict[str, None]] = {}
    for policy in policies:
        for rule in policy.ssh or ():
            on = tags.setdefault(ssh_terms(rule), {})
            on.update(dict.fromkeys(each.name for each in (*rule.src, *rule.dst) if each.kind == "tag"))
    pairs = (
        (one, other)
        for mine, theirs in combinations(tags.values(), 2)
        for one in mine
        for other in theirs
        if one != other
    )
    return list({frozenset(pair): pair for pair in pairs}.values())
