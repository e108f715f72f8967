"""A question about one connection, asked of a policy: and asked again of the policy with an edit in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product

from aclc.check import Checked, check_source
from aclc.diagnostics import Severity
from aclc.lint.selection import ERRORS
from aclc.policy.model import Policy
from aclc.reach.graph.space import View
from aclc.reach.population.population import named_people, role_worlds, with_roles
from aclc.reach.population.principals import Principal, principal
from aclc.reach.population.vocabulary import SIDES, roles_asked_about, roles_spoken_of, rule_selectors
from aclc.reach.questions.inquiry import Asked
from aclc.reach.questions.remedies import Remedy, remedies
from aclc.reach.questions.why import Answer, in_some_tailnets, whatever_the_roles, why
from aclc.reach.words.setting import Setting, setting
from aclc.records import NamedTuple
from aclc.resolve.posture import Fact
from aclc.source import EditedFiles, Source
from aclc.syntax.hujson_edit import edited
from aclc.tailnet.model import Tailnet


class Question(NamedTuple):
    """What is asked, in the user's words. `tailnet` None: about every one. `shows`: what the source is said to show.
    `at`: the day on which the policy is looked at."""

    src: str
    dst: str
    protocol: int
    port: int | None
    login: str | None
    tailnet: Tailnet | None
    shows: Mapping[str, Fact]
    at: date | None = None


class Asking(NamedTuple):
    """A question on one policy, and its answer."""

    setting: Setting
    view: View
    asked: Asked
    answer: Answer


def ask(policy: Policy, question: Question, *, with_nearest: bool = True) -> Asking:
    """Answer a question. `with_nearest` as in `why`.

    Raises UnknownPrincipalError where one of its sides is nothing that is known.
    """
    source = principal(question.src, policy, question.tailnet)
    destination = principal(question.dst, policy, question.tailnet)
    ground = setting([policy], question.tailnet, (source.selector, destination.selector))
    if question.shows:
        nodes = tuple(
            node._replace(posture={**node.posture, **question.shows}) if source.node in {None, index} else node
            for index, node in enumerate(ground.tailnet.nodes)
        )
        ground = ground._replace(tailnet=ground.tailnet._replace(nodes=nodes))
    asked = Asked(source, destination, question.protocol, question.port, question.login, everywhere=ground.everywhere)
    views = _views(ground, policy, asked)
    number, answer = whatever_the_roles([why(each, asked, with_nearest=with_nearest) for each in views])
    view = views[number]
    # WHY only then: without a route the star means less, so that what is refused stays so.
    if ground.everywhere and answer.network in {"yes", "partly"} and source.sources(view) & ~view.sources.own:
        answer = in_some_tailnets(answer, why(ground.unrouted(view), asked, with_nearest=with_nearest))
    return Asking(ground, view, asked, answer)


def _views(ground: Setting, policy: Policy, asked: Asked) -> list[View]:
    """Give the view that a question is about; without a tailnet, of people whose roles matter, one for each way to give
    them roles."""
    worlds = _worlds(ground.tailnet, policy, asked) if ground.everywhere else iter((ground.tailnet,))
    return [ground._replace(tailnet=world).view(policy) for world in worlds]


def _worlds(tailnet: Tailnet, policy: Policy, asked: Asked) -> Iterator[Tailnet]:
    """Give the tailnets in which the people who are asked about have roles that rules name on their side, or none.

    Whoever else rules name by login has the role that is asked about, so that nobody with it is missing.
    """
    selectors = [side.selector for side in (asked.src, asked.dst) if side.node is None]
    own = roles_asked_about(selectors)
    people = [_people(policy, side) for side in (asked.src, asked.dst)]
    if len(own) > 1 or set(people[0]) & set(people[1]):
        yield from role_worlds(tailnet, roles_spoken_of(policy, selectors))
        return
    others = {user.login: own[0] for user in named_people(tailnet)} if own else {}
    options = [
        dict.fromkeys(("member", *roles_asked_about(rule_selectors(policy, side)), *own) if logins else ("member",))
        for logins, side in zip(people, SIDES, strict=True)
    ]
    for roles in product(*options):
        given = {login: role for logins, role in zip(people, roles, strict=True) for login in logins}
        yield with_roles(tailnet, {**others, **given})


def _people(policy: Policy, side: Principal) -> tuple[str, ...]:
    """Give the logins of a person or a group; empty for whatever else is asked about."""
    if side.node is None and side.selector.kind == "group":
        group = policy.groups.get(side.selector.name)
        return tuple(each.name for each in group.members if each.kind == "user") if group is not None else ()
    return (side.selector.name,) if side.node is None and side.selector.kind == "user" else ()


def proven_remedies(asking: Asking, question: Question) -> tuple[Remedy, ...]:
    """Give what would allow what is refused: of edits only those after which the control plane would still take the
    policy, and the layer that they are for is open."""
    policy = asking.view.resolved.policy
    source = policy.place.span.source
    found = [
        each
        for each in remedies(asking.view, asking.asked, asking.answer)
        if not each.edits or _helps(each, source, asking, question)
    ]
    return tuple(found)


def _errors(checked: Checked) -> int:
    return sum(1 for each in checked.diagnostics if each.severity is Severity.ERROR)


def _helps(remedy: Remedy, source: Source, asking: Asking, question: Question) -> bool:
    """Put an edit into the text, or into a file that it includes, and ask again."""
    dialect = asking.view.resolved.policy.dialect
    changed = remedy.edits[0].span.source
    text = edited(changed.text, remedy.edits)
    if changed.name == source.name:
        tried = Source(source.name, text, source.files)
    elif source.files is not None:
        tried = Source(source.name, source.text, EditedFiles(source.files, {changed.name: text}))
    else:
        return False
    checked = check_source(tried, None, dialect, selection=ERRORS, at=question.at, with_tests=False)
    if checked.policy is None:
        return False
    if errors := _errors(checked):
        before = check_source(source, None, dialect, selection=ERRORS, at=question.at, with_tests=False)
        if errors > _errors(before):
            return False
    again = ask(checked.policy, question, with_nearest=False).answer
    if remedy.layer == "ssh":
        return again.session is not None and again.session.verdict == "yes"
    return again.network == "yes"
