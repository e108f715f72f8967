"""A question about one connection, asked of a policy: and asked again of the policy with an edit in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from aclc.check import Checked, check_source
from aclc.diagnostics import Severity
from aclc.lint.selection import ERRORS
from aclc.policy.model import Policy
from aclc.reach.graph.space import View
from aclc.reach.population.principals import principal
from aclc.reach.questions.inquiry import Asked
from aclc.reach.questions.people_roles import roles_only_add, worlds
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
    answers = list(_answers(ground, policy, asked, with_nearest=with_nearest))
    number, answer = whatever_the_roles([each for _, each in answers])
    view = answers[number][0]
    # WHY only then: without a route the star means less, so that what is refused stays so.
    if ground.everywhere and answer.network in {"yes", "partly"} and source.sources(view) & ~view.sources.own:
        answer = in_some_tailnets(answer, why(ground.unrouted(view), asked, with_nearest=with_nearest))
    return Asking(ground, view, asked, answer)


def _answers(ground: Setting, policy: Policy, asked: Asked, *, with_nearest: bool) -> Iterator[tuple[View, Answer]]:
    """Give views that a question is about, with its answer on each; without a tailnet, of people whose roles matter,
    one for each way to give them roles, and none after the first where more rights can change nothing."""
    plain: list[View] = []

    def view_of(world: Tailnet) -> View:
        if world is not ground.tailnet:
            return ground._replace(tailnet=world).view(policy)
        if not plain:
            plain.append(ground.view(policy))
        return plain[0]

    for world in worlds(ground.tailnet, view_of, policy, asked) if ground.everywhere else (ground.tailnet,):
        here = view_of(world)
        answer = why(here, asked, with_nearest=with_nearest)
        yield here, answer
        if answer.verdict == "yes" and asked.port is not None and roles_only_add(policy, asked):
            return


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
