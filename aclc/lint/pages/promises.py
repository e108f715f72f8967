"""Pages about the policy's own tests, and about promises (`properties.aclc`)."""

from __future__ import annotations

from aclc.lint.pages.page import Page

_TESTED = '{{"grants": [{{"src": ["autogroup:member"], "dst": ["10.0.0.1"], "ip": ["tcp:443"]}}],\n "tests": [{0}]}}'

PROMISES = (
    Page(
        "TST004",
        "test-fails",
        "error",
        "A test of the policy does not come out as it says.",
        "The control plane refuses a policy whose tests fail.",
        _TESTED.format('{"src": "a@example.com", "accept": ["10.0.0.1:22"]}'),
        _TESTED.format('{"src": "a@example.com", "accept": ["10.0.0.1:443"]}'),
    ),
    Page(
        "TST009",
        "test-needs-posture",
        "warning",
        "A test asks about a rule with a posture and does not say what the device shows.",
        "Without `srcPostureAttrs` the device shows nothing, so that the test says little about real ones.",
    ),
    Page(
        "TST016",
        "test-undecided",
        "warning",
        "A test cannot be decided from what is known.",
        "Its outcome hangs on the tailnet: give its users and nodes with `--tailnet`.",
    ),
    Page(
        "PRP001",
        "forbidden-reach",
        "error",
        "Somebody reaches what was promised to be out of reach.",
        "The message names who, what and the way there; the notes are the lines that allow it.",
    ),
    Page(
        "PRP002",
        "required-reach",
        "error",
        "Somebody does not reach what was promised to be in reach.",
        "A rule that they depended on is gone or narrower than it was.",
    ),
    Page(
        "PRP003",
        "no-new-access",
        "error",
        "The policy gives access that the one it is held against does not give.",
        "Packets, SSH sessions, capabilities, node attributes, approvals and tags count; one example is shown.",
    ),
    Page(
        "PRP004",
        "no-public",
        "error",
        "More is open to people outside of the tailnet than was promised.",
        "Shared devices, the internet by way of funnel, or any address at all.",
    ),
    Page(
        "PRP005",
        "isolation",
        "error",
        "Sets that were promised to be separate are not.",
        "There is a way from one to the other; the message shows it.",
    ),
    Page(
        "PRP006",
        "equivalent",
        "error",
        "The policy does not mean the same as the one it is held against.",
        "What was meant as a mere rewriting changes what somebody can do; one example is shown.",
    ),
    Page(
        "PRP007",
        "max-blast-radius",
        "error",
        "One principal reaches more nodes than was promised.",
        "That is what somebody who takes it over gets.",
    ),
    Page(
        "PRP010",
        "promise-syntax",
        "error",
        "A line of a file with promises cannot be read.",
        "It promises nothing: nobody would notice that it is broken.",
        "assert tag:ci never reaches",
        "assert tag:ci never reach tag:prod",
        "text",
    ),
    Page(
        "PRP011",
        "promise-undecided",
        "warning",
        "A promise can neither be proved nor shown to be broken.",
        "The message says what the proof does not cover; on a tailnet given with `--tailnet` it is decided.",
    ),
    Page(
        "PRP012",
        "accepted-gain-syntax",
        "error",
        "A line of a file with agreed gains cannot be read.",
        "It agrees to nothing, so a change that was agreed to is held up.",
    ),
    Page(
        "PRP013",
        "promise-unknown-name",
        "error",
        "A promise names a group, tag or other name that the policy does not define.",
        "It promises nothing about anybody: to say that it holds would be wrong.",
    ),
    Page(
        "PRP014",
        "promise-unreadable",
        "error",
        "The policy that a promise compares with cannot be read.",
        "Nothing was compared: to say that the promise holds would be wrong.",
    ),
)
