"""`aclc convert --to headscale@0.29`: for another control plane, or what keeps it from being the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Ended, run

SAME = '{"grants": [{"src": ["ann@x.com"], "dst": ["10.0.0.0/8"], "ip": ["dccp:*"]}]}\n'
OTHER = """{
	"grants": [
		{"src": ["autogroup:admin", "ann@x.com"], "dst": ["10.0.0.0/8"], "ip": ["tcp:443"]},
	],
}
"""
LANGUAGE = """group eng = ann@x.com
service https = tcp 443
allow eng -> 10.0.0.0/8 on https until 2026-12-31 owner sre
assert group:eng reach at most 5 nodes
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with policies."""
    (tmp_path / "same.hujson").write_text(SAME)
    (tmp_path / "other.hujson").write_text(OTHER)
    (tmp_path / "net.aclc").write_text(LANGUAGE)
    return tmp_path


def convert(folder: Path, *words: str) -> Ended:
    return run("convert", *words, "--isolated", folder=folder)


def test_what_is_the_same_is_written_and_what_is_respelt_is_told(folder: Path) -> None:
    done = convert(folder, "same.hujson", "--from", "tailscale", "--to", "headscale@0.29", "-o", "new.hujson")

    assert (0, "") == (done.code, done.out)
    assert SAME.replace("dccp", "33") == (folder / "new.hujson").read_text()
    assert "Spelled otherwise, proven to mean the same on tailscale\n  protocol `dccp` is written 33\n" in done.err
    assert "Wrote new.hujson: the same on tailscale and on headscale@0.29, in every tailnet, proven.\n" in done.err


def test_what_is_not_the_same_is_shown_and_not_written(folder: Path) -> None:
    done = convert(folder, "other.hujson", "--to", "headscale@0.29", "-o", "new.hujson")

    assert 1 == done.code
    assert not (folder / "new.hujson").exists()
    assert (
        """\
Refused by headscale@0.29, and left out
  other.hujson:3: `autogroup:admin` is not supported in `src` of a grant (unsupported-by-target)
      it says: invalid autogroup: got "autogroup:admin", must be one of [autogroup:internet autogroup:member \
autogroup:nonroot autogroup:tagged autogroup:self autogroup:danger-all]
      `autogroup:admin` is left out of `src`

As it is on tailscale, against what is written on headscale@0.29
Nobody gains access, 1 principal loses, on every tailnet.

Network
  - autogroup:admin -> 10.0.0.0/8 : tcp 443
      because of other.hujson:3 → new.hujson:3
"""
        == done.out
    )
    assert (
        "Nothing was written: headscale@0.29 refuses parts of it; it would change who may do what "
        "(--accept-difference writes it all the same).\n" == done.err
    )


def test_a_difference_that_is_accepted_is_shown_and_written(folder: Path) -> None:
    done = convert(folder, "other.hujson", "--to", "headscale@0.29", "-o", "new.hujson", "--accept-difference")

    assert (0, "") == (done.code, done.out)
    assert OTHER.replace('"autogroup:admin", ', "") == (folder / "new.hujson").read_text()
    assert "`autogroup:admin` is left out of `src`" in done.err
    assert "Wrote new.hujson: not the same on tailscale and on headscale@0.29: headscale@0.29 refuses" in done.err


def test_places_in_what_is_written_name_its_file(folder: Path) -> None:
    (folder / "host.hujson").write_text(
        '{"tagOwners": {"tag:a": ["autogroup:admin"]}, "grants": [{"src": ["a@x.com"], "dst": ["tag:a"], "ip": ["*"]}]}'
    )

    done = convert(folder, "host.hujson", "--to", "headscale@0.29", "-o", "new.hujson")

    assert "because of host.hujson:1 → new.hujson:1\n" in done.out


def test_what_a_control_plane_makes_of_it_may_not_be_known(folder: Path) -> None:
    done = convert(folder, "same.hujson", "--to", "headscale@0.27")

    assert 1 == done.code
    assert "a grant is written as acls" in done.out
    assert "Not decided: what headscale@0.27 makes of a policy is not known well enough" in done.out
    assert "Nothing was written: that it means the same there cannot be decided" in done.err
    assert '"acls"' in convert(folder, "same.hujson", "--to", "headscale@0.27", "--accept-difference").out


def test_an_upgrade_of_headscale_is_told_too(folder: Path) -> None:
    known = convert(folder, "other.hujson", "--from", "headscale@0.29", "--to", "headscale@0.30")
    older = convert(folder, "same.hujson", "--from", "headscale@0.27", "--to", "headscale@0.29")

    assert (1, True) == (known.code, "invalid autogroup" in known.err)
    assert (1, True) == (older.code, "grants" in older.err)


def test_the_policy_in_the_language_is_written_as_hujson_or_told_about(folder: Path) -> None:
    done = convert(folder, "net.aclc", "--to", "headscale@0.29", "--to", "hujson", "-o", "new.hujson")

    assert 0 == done.code
    assert '"dst": ["10.0.0.0/8"], "ip": ["tcp:443"]' in (folder / "new.hujson").read_text()
    assert "// assert group:eng reach at most 5 nodes" in (folder / "new.hujson").read_text()
    assert "Note: a promise stands in a comment now" in done.err
    assert LANGUAGE == convert(folder, "net.aclc", "--to", "headscale@0.29").out


def test_what_has_to_change_in_the_language_is_not_written_over_its_services_and_days(folder: Path) -> None:
    (folder / "net.aclc").write_text(LANGUAGE.replace("tcp 443", "dccp"))

    done = convert(folder, "net.aclc", "--to", "headscale@0.29")

    assert 1 == done.code
    assert "protocol `dccp` is written 33" in done.out
    assert "have it written as HuJSON (--to hujson)" in done.err


def test_several_files_are_told_about_and_left_alone(folder: Path) -> None:
    (folder / "root.aclc").write_text('include "net.aclc"\n')

    done = convert(folder, "root.aclc", "--to", "headscale@0.29")

    assert (0, "Nothing has to be written: headscale@0.29 takes it as it is.\n") == (done.code, done.err)


@pytest.mark.parametrize(
    "words",
    [
        ("--to", "headscale@0.29", "--to", "tailscale"),
        ("--to", "hujson", "--to", "aclc"),
        ("--to", "nowhere"),
        ("--to", "headscale", "--acls-to-grants"),
        ("--accept-difference",),
        ("--from", "tailscale", "--from", "headscale"),
    ],
)
def test_wrong_use_is_told(folder: Path, words: tuple[str, ...]) -> None:
    assert 2 == convert(folder, "same.hujson", *words).code


def test_rules_that_have_ended_can_be_left_out(folder: Path) -> None:
    still = convert(folder, "net.aclc", "--at", "2026-12-31")
    over = convert(folder, "net.aclc", "--at", "2027-01-01")

    assert ("tcp:443" in still.out, "tcp:443" in over.out) == (True, False)
    assert 2 == convert(folder, "net.aclc", "--to", "aclc", "--at", "2027-01-01").code
