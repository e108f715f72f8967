from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "reach-through-router"

POLICY = """{"groups": {"group:ops": ["alice@example.com"], "group:lab": ["bob@example.com"]},
    "tagOwners": {"tag:router": [], "tag:web": []},
    "autoApprovers": {"routes": {"0.0.0.0/0": ["tag:router"], "10.1.0.0/16": ["tag:router"]}},
    "grants": [{"src": ["group:lab"], "dst": ["10.1.0.0/16"], "ip": ["*"]},
               {"src": ["group:ops"], "dst": ["tag:router", "tag:web"], "ip": [%s]}%s],
    "ssh": [{"action": "check", "src": [%s], "dst": [%s], "users": ["root"]}]}"""

OPS = '"group:ops"'


def test_a_session_on_the_router_is_a_way_into_its_network() -> None:
    assert messages(SLUG, POLICY % ('"tcp:22"', "", OPS, '"tag:web", "tag:router"')) == [
        (
            "over SSH to the router `tag:router`, `group:ops` can go on into `10.1.0.0/16`, which is closed to them",
            "close the router to them, or grant the network openly",
        )
    ]


def test_every_tagged_device_holds_the_routers_too() -> None:
    assert len(findings(SLUG, POLICY % ('"tcp:22"', "", OPS, '"autogroup:tagged"'))) == 1


def test_other_devices_and_closed_doors_lead_nowhere() -> None:
    assert findings(SLUG, POLICY % ('"tcp:22"', "", OPS, '"tag:web"')) == []
    assert findings(SLUG, POLICY % ('"tcp:443"', "", OPS, '"tag:router"')) == []


def test_who_reaches_some_of_the_network_gains_nothing() -> None:
    own = ', {"src": ["group:ops"], "dst": ["10.1.0.1"], "ip": ["tcp:443"]}'
    assert findings(SLUG, POLICY % ('"tcp:22"', own, OPS, '"tag:router"')) == []


def test_admins_gain_nothing() -> None:
    text = (POLICY % ('"tcp:22"', "", '"autogroup:admin"', '"tag:router"')).replace(
        '"src": ["group:ops"]', '"src": ["autogroup:admin"]'
    )
    assert findings(SLUG, text) == []
