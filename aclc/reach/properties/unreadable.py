"""What is wrong with a statement that is no promise, and what was meant perhaps."""

from __future__ import annotations

import re

from aclc.diagnostics import did_you_mean, shown
from aclc.reach.properties.property_file import has_form
from aclc.records import NamedTuple

_WORDS = (
    *("never", "always", "only", "reach", "reaches", "at", "most", "nodes", "transitively", "isolated", "nobody"),
    *("exposed", "to", "but", "no", "new", "access", "against", "equivalent", "and", "apart"),
)
_WORD = re.compile(r"[a-z]+")

_FORMS = (
    "write `A never reach B`, `A always reach B on tcp 443`, `only A reach B`, `isolated A | B`, "
    "`A reach at most N nodes`, `A exposed at most to B`, `no new access against git:REV` or `equivalent to FILE`"
)
_COMPARED = "name a policy file or a revision, like `git:main`"

_END = r"(?= on | transitively|$)"
_MAY = r"(?:may|can|could|must|shall|should|will|is allowed to|are allowed to)"
_NOT = rf"(?:(?:{_MAY}|do|does) ?(?:not|never)(?: ever)?|can't|doesn't|don't|not)"
_REACH = r"(?:reach(?:es|ed|ing)?|access(?:es)?|connects? to|talks? to|gets? to|sees?)"
_AT_MOST = r"(?:at most|no more than|not more than|up to|max(?:imum)?|<=?)"
_NOBODY = r"(?:nobody|nothing|no one)"
_IS = r"(?:is|are|be|may be|must be)"
_BUT = r"(?:except(?: for| to)?|besides|other than|apart from|but to)"
_TO_WHOM = r"(?:at most to|only to|at most|only|no more than to|to)"
_THAN = r"(?:since|from|to|than|over|beyond|vs\.?|compared (?:to|with)|against:?)"
_EQUAL = r"(?:equivalent|equal|identical|the same)(?: with| as| of| to)?:?"
_OTHER_WORDS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (rf" reach(?:es)? (?P<part>{_AT_MOST} ?(?P<n>[0-9]{{1,9}})(?: [a-z]+)?){_END}", r"at most \g<n> nodes"),
        (rf" (?P<part>{_NOT} {_REACH})(?=\s)", "never reach"),
        (rf" (?P<part>never (?:ever |{_MAY} )?{_REACH})(?=\s)", "never reach"),
        (rf"(?<=assert only ).+? (?P<part>{_MAY} {_REACH}|{_REACH})(?=\s)", "reach"),
        (rf"(?P<part>{_NOBODY}(?: {_IS})? exposed)", "nobody exposed"),
        (rf"(?<=nobody exposed )(?P<part>{_BUT})(?=\s)", "but"),
        (rf"(?P<part>(?:(?:{_IS}|only) )*exposed {_TO_WHOM})(?=\s)", "exposed at most to"),
        (rf"(?P<part>(?:{_IS} )?(?:never|not) exposed(?: to (?:anybody|anyone))?)$", "exposed at most to nobody"),
        (rf"(?P<part>no (?:new|more|additional) access {_THAN})(?=\s)", "no new access against"),
        (rf"(?P<part>(?:is )?{_EQUAL})(?=\s)", "equivalent to"),
        (r"(?P<part>isolate[sd]?:?|isolation of)(?=\s)", "isolated"),
        (rf" (?P<part>(?:{_MAY} )?(?:always )?(?:{_MAY} )?{_REACH})(?=\s)", "always reach"),
    )
)  # fmt: skip
LONGEST_GUESSED = 1000
"""Characters of a statement up to which it is guessed what was meant: it costs the square of them."""

MOST_NODES = 10**9 - 1
_NUMBER = re.compile(r" reach(?:es)? at most (?P<part>\S+) (?:nodes?|devices?|machines?)\b")
_ARROW = re.compile(r" (?P<part>->|→|=>) ")


class Misreading(NamedTuple):
    """What is wrong with the part of a statement from `start` to `end`, and what to do."""

    start: int
    end: int
    message: str
    help: str


def misreading(text: str, begin: int) -> Misreading:
    """Give what is wrong with a statement that has none of the forms; what it says begins at `begin`."""
    for attempt in (
        () if len(text) > LONGEST_GUESSED else (_incomplete, _other_kind, _misspelt, _counted, _in_other_words)
    ):
        found = attempt(text, begin)
        if found is not None:
            return found
    if text.startswith("assume"):
        return Misreading(begin, len(text), "assumption cannot be read", "write `assume tag:a and tag:b apart`")
    return Misreading(begin, len(text), "promise cannot be read", _FORMS)


def _incomplete(text: str, begin: int) -> Misreading | None:
    said = text[begin:]
    if not said:
        return Misreading(
            0,
            len(text),
            f"nothing follows `{text}`",
            _FORMS if text == "assert" else "write `assume tag:a and tag:b apart`",
        )
    if said in {"no new access", "no new access against", "equivalent", "equivalent to"}:
        words = "no new access against" if said.startswith("no") else "equivalent to"
        return Misreading(
            begin, len(text), "it is not said with what the policy is compared", f"{_COMPARED}: `{words} git:main`"
        )
    if match := re.search(r"(?:^| )(?P<verb>(?:never|always) reach(?:es)?)$", said):
        where = begin + match.start("verb")
        return Misreading(where, len(text), "it is not said what is reached", f"write `A {match['verb']} B`")
    if match := re.match(r"(?:never|always) reach(?:es)?\b", said):
        return Misreading(begin, begin + match.end(), "it is not said who reaches it", f"write `A {match.group()} B`")
    if said in {"isolated", "only", "nobody", "exposed"}:
        return Misreading(begin, len(text), "promise cannot be read", _FORMS)
    return None


def _other_kind(text: str, begin: int) -> Misreading | None:
    """Tell of an assumption that begins as a promise does, and the other way about."""
    word = text[: begin - 1]
    other = "assume" if word == "assert" else "assert"
    if has_form(f"{other} {text[begin:]}", begin):
        what = "an assumption" if other == "assume" else "a promise"
        return Misreading(0, len(word), f"this is {what}", f"did you mean `{other}`?")
    return None


def _misspelt(text: str, begin: int) -> Misreading | None:
    words = text.split(" ")
    meant = [_near(word) if number else None for number, word in enumerate(words)]
    every = [near or word for near, word in zip(meant, words, strict=True)]
    for number, near in enumerate(meant):
        one = [*words[:number], near or "", *words[number + 1 :]]
        if near is not None and (has_form(" ".join(one), begin) or has_form(" ".join(every), begin)):
            start = len(" ".join(words[:number])) + 1
            word = words[number]
            return Misreading(
                start, start + len(word), f"{shown(word)} is no word of a promise", f"did you mean `{near}`?"
            )
    return None


def _near(word: str) -> str | None:
    return did_you_mean(word, _WORDS) if _WORD.fullmatch(word) and word not in _WORDS else None


def _counted(text: str, _: int) -> Misreading | None:
    match = _NUMBER.search(text)
    if match is None or (match["part"].isdigit() and len(match["part"]) < 10):
        return None
    help = f"it may be {MOST_NODES} at most" if match["part"].isdigit() else "write it in digits: `at most 5 nodes`"
    return Misreading(*match.span("part"), f"{shown(match['part'])} is no number of nodes", help)


def _in_other_words(text: str, begin: int) -> Misreading | None:
    if (match := _ARROW.search(text)) is not None:
        return Misreading(
            *match.span("part"),
            "a promise has words in place of an arrow",
            "did you mean `never reach`, or `always reach`?",
        )
    for form, words in _OTHER_WORDS:
        for match in form.finditer(text, max(begin - 1, 0)):
            start, end = match.span("part")
            meant = match.expand(words)
            part = text[start:end]
            if part != meant and has_form(f"{text[:start]}{meant}{text[end:]}", begin):
                either = (
                    "`never reach`, or `always reach`"
                    if meant == "always reach" and "always" not in part
                    else f"`{meant}`"
                )
                return Misreading(start, end, f"a promise does not say {shown(part)}", f"did you mean {either}?")
    return None
