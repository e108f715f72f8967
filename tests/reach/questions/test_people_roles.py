"""Answers about people whose roles no policy says, against every way to give them roles."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest

from aclc.cli.asking import Question, ask
from aclc.policy.model import Policy
from aclc.reach.population.population import named_people, with_roles
from aclc.reach.population.principals import principal
from aclc.reach.population.vocabulary import roles_asked_about, roles_spoken_of
from aclc.reach.questions.inquiry import Asked
from aclc.reach.questions.people_roles import worlds
from aclc.reach.questions.why import Answer, whatever_the_roles, why
from aclc.reach.words.setting import setting
from tests.reach.engine import policy_of

Json = Any

PEOPLE = ("a@x.com", "b@x.com", "c@x.com", "d@x.com")
ROLES = ("autogroup:admin", "autogroup:auditor", "autogroup:it-admin")
GROUPS = {"group:one": list(PEOPLE[:2]), "group:two": list(PEOPLE[1:3]), "group:all": list(PEOPLE)}
PLAIN = (*PEOPLE, *GROUPS, "autogroup:member", "tag:t")
ASKED = ("group:one", "group:two", "group:all", "a@x.com", "b@x.com", "tag:t", ROLES[0])


def policy(chance: Random) -> Policy:
    """Give a policy whose rules name people by login, by group and by role."""
    grants = [
        {
            "src": chance.sample((*PLAIN, *ROLES), chance.choice((1, 1, 2))),
            "dst": chance.sample((*PLAIN, *ROLES), chance.choice((1, 1, 2))),
            "ip": [chance.choice(("tcp:80", "tcp:80", "tcp:443", "udp:53", "*"))],
        }
        for _ in range(chance.randint(1, 4))
    ]
    if chance.random() < 0.2:
        grants[0]["dst"] = ["autogroup:self"]
        grants[0]["src"] = [chance.choice((*ROLES, "autogroup:member"))]
    return policy_of({"groups": GROUPS, "tagOwners": {"tag:t": []}, "grants": grants})


def everything(of: Policy, src: str, dst: str, port: int | None) -> Answer:
    """Give the answer made of one for each way to give each of the people a role that rules or the question name."""
    one, other = principal(src, of, None), principal(dst, of, None)
    ground = setting([of], None, (one.selector, other.selector))
    asked = Asked(one, other, 6, port, None, everywhere=True)
    sides = [one.selector, other.selector]
    own = roles_asked_about(sides)
    roles = roles_spoken_of(of, sides) or ("member",)
    # WHY: a question about a role is about everybody with it; who is not asked about besides has it.
    free = {login for each in sides for login in GROUPS.get(each.text, [each.text])}
    options = [roles if user.login in free or not own else own[:1] for user in named_people(ground.tailnet)]
    logins = [user.login for user in named_people(ground.tailnet)]
    worlds = [with_roles(ground.tailnet, dict(zip(logins, given, strict=True))) for given in product(*options)]
    return whatever_the_roles([why(ground._replace(tailnet=each).view(of), asked) for each in worlds])[1]


@pytest.mark.parametrize("first", range(0, 30, 10))
def test_the_answer_is_that_of_all_ways_to_give_roles(first: int) -> None:
    seen = set()
    for seed in range(first, first + 10):
        chance = Random(seed)
        of = policy(chance)
        src, dst = chance.sample(ASKED, 2)
        port = chance.choice((80, 443, None))
        expected = everything(of, src, dst, port)
        answer = ask(of, Question(src, dst, 6, port, None, None, {})).answer
        seen.add(expected.verdict)

        assert (expected.verdict, expected.network, expected.by_role, expected.open_to_all, expected.open_to_some) == (
            answer.verdict,
            answer.network,
            answer.by_role,
            answer.open_to_all,
            answer.open_to_some,
        ), (seed, src, dst, port)

    assert {"yes", "no", "partly"} >= seen
    assert len(seen) > 1


def test_one_of_a_group_may_have_the_role_that_is_asked_about() -> None:
    """A member of the group who is an admin reaches another one who is an IT admin."""
    grants = [{"src": ["c@x.com"], "dst": ["autogroup:it-admin"], "ip": ["tcp:443"]}]
    of = policy_of({"groups": GROUPS, "tagOwners": {}, "grants": grants})

    for src, dst in (("autogroup:admin", "group:two"), ("group:two", "autogroup:it-admin")):
        assert "partly" == ask(of, Question(src, dst, 6, 443, None, None, {})).answer.verdict


def test_roles_that_matter_to_no_rule_for_the_services_are_not_gone_through() -> None:
    roles = ("admin", "auditor", "billing-admin", "it-admin", "network-admin", "owner")
    grants = [
        {"src": [f"autogroup:{one}"], "dst": [f"autogroup:{other}", "tag:t"], "ip": ["tcp:80"]}
        for one in roles
        for other in roles
    ]
    grants.append({"src": ["group:one"], "dst": ["group:two"], "ip": ["tcp:443"]})
    of = policy_of({"groups": GROUPS, "tagOwners": {"tag:t": []}, "grants": grants})
    sides = principal("group:one", of, None), principal("group:two", of, None)
    ground = setting([of], None, [each.selector for each in sides])

    def counted(port: int) -> int:
        asked = Asked(*sides, 6, port, None, everywhere=True)
        return len(list(worlds(ground.tailnet, lambda each: ground._replace(tailnet=each).view(of), of, asked)))

    # Nobody's role matters to 443. To 80, each of six, and of the three people each two in each of 30 pairs.
    assert (1, 1 + 6 + 2 * 30) == (counted(443), counted(80))
