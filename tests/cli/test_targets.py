"""`--target`, of every command that has it, and `target` in aclc.toml."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run as in_process

POLICY = """{
  "tagOwners": {"tag:web": ["alice@"]},
  "grants": [
    {"src": ["user:*@example.com"], "dst": ["tag:web"], "ip": ["tcp:443"]},
    {"src": ["alice@"], "dst": ["tag:web"], "ip": ["tcp:22"]},
  ],
}
"""
NODES = [
    {"id": 1, "given_name": "laptop", "ip_addresses": ["100.64.0.1"], "user": {"id": 1, "name": "alice"}},
    {"id": 2, "given_name": "web", "ip_addresses": ["100.64.0.2"], "tags": ["tag:web"]},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "policy.hujson").write_text(POLICY, encoding="utf-8")
    (tmp_path / "nodes.json").write_text(json.dumps(NODES), encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = in_process(*arguments, folder=folder)
    return done.code, done.out, done.err


def test_a_target_that_nobody_knows(folder: Path) -> None:
    code, out, err = run(folder, "check", "--target", "headscale@0.25")
    assert (2, "") == (code, out)
    assert "'headscale@0.25' is no target that aclc knows. Did you mean 'headscale@0.26'?" in err
    assert "There are: tailscale, headscale@0.26, headscale@0.27, headscale@0.28, headscale@0.29" in err


def test_a_check_for_headscale(folder: Path) -> None:
    code, out, _ = run(folder, "check", "--target", "headscale", "-o", "concise", "--profile", "minimal")
    assert 0 == code
    assert (
        "policy.hujson:4:14: warning POR002 meaning-differs: `user:*@…` is taken for a login that nobody has, so it "
        "names nobody (headscale@0.30)\n"
    ) in out
    code, out, _ = run(folder, "check", "--target", "headscale@0.28", "-o", "json")
    assert 1 == code
    assert {("POR001", "key `grants` is not supported in the policy (headscale@0.28)")} == {
        (each["code"], each["message"]) for each in json.loads(out)["diagnostics"] if each["severity"] == "error"
    }


def test_targets_of_a_configuration(folder: Path) -> None:
    config = folder / "aclc.toml"
    config.write_text('target = ["headscale@0.28", "headscale@0.29"]\n', encoding="utf-8")
    _, out, _ = run(folder, "check", "-o", "concise", "--profile", "minimal")
    assert "(headscale@0.28)" in out
    assert "names nobody (headscale@0.29)" in out
    config.write_text('target = "headscale@0.27.1"\n', encoding="utf-8")
    _, out, _ = run(folder, "check", "-o", "concise", "--profile", "minimal")
    assert "(headscale@0.27)" in out
    config.write_text('target = "hedscale"\n', encoding="utf-8")
    code, _, err = run(folder, "check")
    assert 2 == code
    assert "aclc.toml:1:1: error CFG003 config-value: `hedscale` is no value of `target`" in err
    assert "did you mean `headscale`?" in err
    config.write_text("target = []\n", encoding="utf-8")
    code, _, err = run(folder, "check")
    assert 2 == code
    assert "`target` must be a string or a list of strings" in err


def test_two_meanings_of_one_policy(folder: Path) -> None:
    code, out, err = run(
        folder, "diff", "policy.hujson", "policy.hujson", "--target", "tailscale", "--target", "headscale@0.29"
    )
    assert (0, "") == (code, err)
    assert "- user:*@example.com -> tag:web : tcp 443" in out
    code, out, _ = run(
        folder, "diff", "policy.hujson", "policy.hujson", "--target", "headscale@0.29", "--target", "headscale@0.30"
    )
    assert (0, True) == (code, "no " in out.lower())
    code, _, err = run(folder, "diff", "policy.hujson", "policy.hujson", *["--target", "tailscale"] * 3)
    assert (2, True) == (code, "Two policies have two targets at most." in err)


def test_what_a_server_would_send(folder: Path) -> None:
    code, out, err = run(folder, "compile", "--tailnet", "nodes.json", "--target", "headscale", "-q")
    assert (0, "") == (code, err)
    nodes = json.loads(out)["nodes"]
    assert [["100.64.0.1"]] == [rule["SrcIPs"] for rule in nodes["web"]["packet_filter"]]


@pytest.mark.parametrize(
    "arguments",
    [
        ("compile", "--tailnet", "nodes.json"),
        ("diff", "policy.hujson", "policy.hujson"),
        ("why", "alice@", "tag:web:22"),
        ("reach",),
        ("prove",),
    ],
)
def test_who_is_not_known_well_enough_is_not_asked(folder: Path, arguments: tuple[str, ...]) -> None:
    (folder / "properties.aclc").write_text("assert tag:web never reach alice@\n", encoding="utf-8")
    code, out, err = run(folder, *arguments, "--target", "headscale@0.28")
    assert (2, "") == (code, out)
    assert "what headscale@0.28 makes of a policy is not known well enough" in err
    assert "Known in full: tailscale, headscale@0.29, headscale@0.30." in err


@pytest.mark.parametrize("arguments", [("why", "alice@", "tag:web:22", "--tailnet", "nodes.json"), ("reach",)])
def test_questions_are_answered_for_a_target(folder: Path, arguments: tuple[str, ...]) -> None:
    code, out, err = run(folder, *arguments, "--target", "headscale@0.30")
    assert (0, "") == (code, err)
    assert "tag:web" in out


def test_promises_are_decided_where_the_target_is_known(folder: Path) -> None:
    (folder / "properties.aclc").write_text("assert user:*@example.com never reach tag:web\n", encoding="utf-8")
    told = {}
    for target in ("tailscale", "headscale@0.28", "headscale@0.30"):
        _, out, _ = run(folder, "check", "--target", target, "-o", "json")
        told[target] = [
            (each["code"], each["file"]) for each in json.loads(out)["diagnostics"] if each["file"] == "properties.aclc"
        ]
    assert "tailscale" in told
    assert told["tailscale"] != []
    assert told["headscale@0.30"] == []


def test_repairs_need_targets_that_are_known(folder: Path) -> None:
    for targets in (("headscale@0.27",), ("tailscale", "headscale@0.27")):
        code, _, err = run(folder, "check", "--fix", *(word for each in targets for word in ("--target", each)))
        assert (2, True) == (code, "Repairs cannot be proven: what headscale@0.27 makes" in err)


def test_a_repair_is_proven_for_every_target(folder: Path) -> None:
    """Headscale 0.30 opens public networks behind exit nodes, too, but not one that holds private addresses as well."""
    text = (
        '{\n\t"groups": {"group:a": ["alice@example.com"]},\n\t"grants": [\n'
        '\t\t{"src": ["group:a"], "dst": ["8.0.0.0/5", "8.8.8.0/24"], "ip": ["tcp:53"]},\n\t],\n}\n'
    )
    without = text.replace(', "8.8.8.0/24"', "")
    for targets, after in (
        (("tailscale",), without),
        (("headscale@0.29", "tailscale"), without),
        (("headscale@0.30",), text),
        (("tailscale", "headscale@0.30"), text),
    ):
        (folder / "policy.hujson").write_text(text, encoding="utf-8")
        _, _, err = run(folder, "check", "--fix", *(word for each in targets for word in ("--target", each)))
        assert after == (folder / "policy.hujson").read_text(encoding="utf-8"), targets
        refused = "not repaired (remove the item): for headscale@0.30, it changes who may do what"
        assert (targets == ("tailscale", "headscale@0.30")) == (refused in err), targets


def test_the_internet_beside_everything_goes_where_it_adds_nothing(folder: Path) -> None:
    text = (
        '{\n\t"groups": {"group:a": ["alice@example.com"]},\n\t"grants": [\n'
        '\t\t{"src": ["group:a"], "dst": ["*", "autogroup:internet"], "ip": ["tcp:53"]},\n\t],\n}\n'
    )
    for target in ("tailscale", "headscale@0.29", "headscale@0.30"):
        (folder / "policy.hujson").write_text(text, encoding="utf-8")
        run(folder, "check", "--fix", "--target", target)
        assert text.replace(', "autogroup:internet"', "") == (folder / "policy.hujson").read_text(encoding="utf-8")


def test_what_unsafe_repairs_change_is_told_for_each_target(folder: Path) -> None:
    text = (
        '{\n\t"groups": {"group:a": ["alice@example.com"]},\n'
        '\t"grants": [{"src": ["group:b", "user:*@example.com"], "dst": ["group:a"], "ip": ["tcp:22"]}],\n}\n'
    )
    (folder / "policy.hujson").write_text(text, encoding="utf-8")
    code, out, err = run(
        folder, "check", "--unsafe-fixes", "--diff", "--target", "tailscale", "--target", "headscale@0.30"
    )
    assert 1 == code
    assert '"src": ["group:a", "user:*@example.com"]' in out
    tailscale, headscale = err.split("For headscale@0.30:")
    assert tailscale.startswith("For tailscale:")
    assert "alice@example.com -> group:a" not in tailscale  # who is in the domain may do it before
    assert "group:a -> group:a : tcp 22" in headscale


def test_a_repair_for_headscale(folder: Path) -> None:
    text = (
        '{\n\t"groups": {"group:ops": ["alice"]},\n'
        '\t"grants": [{"src": ["group:ops"], "dst": ["*"], "ip": ["*"]}],\n}\n'
    )
    (folder / "policy.hujson").write_text(text, encoding="utf-8")
    code, out, _ = run(folder, "check", "--unsafe-fixes", "--diff", "--target", "headscale@0.30")
    assert 1 == code
    assert '+\t"groups": {"group:ops": ["alice@"]},' in out


def test_a_policy_that_only_headscale_takes_is_converted_for_it(folder: Path) -> None:
    """A list of ports in `ip`."""
    text = (
        '{"tagOwners": {"tag:web": ["alice@"]}, "grants": [{"src": ["alice@"], "dst": ["tag:web"], "ip": ["80,443"]}]}'
    )
    (folder / "policy.hujson").write_text(text, encoding="utf-8")
    code, out, _ = run(folder, "convert", "policy.hujson", "--to", "aclc")
    assert (1, "") == (code, out)
    code, out, err = run(folder, "convert", "policy.hujson", "--to", "aclc", "--target", "headscale@0.30")
    assert (0, "") == (code, err)
    assert "alice@" in out
