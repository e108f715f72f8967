"""`aclc.toml` and `[tool.aclc]` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from aclc import config
from aclc.config import KEYS, config_schema
from tests.cli.running import run
from tests.cli.test_check_options import POLICY, found
from tests.corpus import REPOSITORY

SCHEMA = Path(config.__file__).parent / "config.schema.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a policy in a folder of its own, which has one warning."""
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "policy.hujson").write_text(POLICY)
    return tmp_path


def write(folder: Path, text: str, name: str = "aclc.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_the_policy_need_not_be_named(folder: Path) -> None:
    write(folder, 'policy = "infra/policy.hujson"\nignore = ["DEAD"]\n')

    assert [] == found(folder)
    assert ["unused-group"] == found(folder, "--isolated", "infra/policy.hujson")


def test_paths_count_from_the_files_own_folder(folder: Path) -> None:
    write(folder, 'policy = "infra/policy.hujson"\nignore = ["DEAD"]\n')
    (folder / "deep" / "er").mkdir(parents=True)

    assert [] == found(folder / "deep" / "er")


def test_the_nearest_file_wins(folder: Path) -> None:
    write(folder, 'ignore = ["DEAD"]\n')
    assert [] == found(folder, "infra/policy.hujson")
    write(folder / "infra", "", "aclc.toml")
    assert ["unused-group"] == found(folder, "infra/policy.hujson")
    assert [] == found(folder, "infra/policy.hujson", "--config", "aclc.toml")


def test_pyproject_counts_where_it_speaks_of_aclc(folder: Path) -> None:
    write(folder, '[tool.aclc]\nignore = ["unused-group"]\n', "pyproject.toml")
    write(folder / "infra", '[project]\nname = "x"\n', "pyproject.toml")

    assert [] == found(folder, "infra/policy.hujson")


def test_the_command_line_wins(folder: Path) -> None:
    write(folder, 'policy = "infra/policy.hujson"\nprofile = "minimal"\nfail-on = "warning"\nignore = ["DEAD002"]\n')

    assert [] == found(folder)
    assert ["unused-group"] == found(folder, "--profile", "default", "--select", "DEAD002")
    assert 0 == run("check", "--profile", "default", "--select", "DEAD002", "--fail-on", "error", folder=folder).code
    assert 1 == run("check", "--profile", "default", "--select", "DEAD002", folder=folder).code


def test_severities_can_be_changed_but_not_those_of_a_refusal(folder: Path) -> None:
    write(folder, 'policy = "infra/policy.hujson"\n[severity]\nDEAD002 = "error"\nundefined-tag = "info"\n')
    assert 1 == run("check", folder=folder).code
    (folder / "infra" / "policy.hujson").write_text(POLICY.replace('"dst": ["tag:web"]', '"dst": ["tag:wbe"]'))

    done = run("check", "-o", "concise", folder=folder)

    assert "error REF002" in done.out


def test_rules_can_be_left_out_for_some_files(folder: Path) -> None:
    write(folder, '[per-file-ignores]\n"infra/*.hujson" = ["unused-group"]\n')
    (folder / "other.hujson").write_text(POLICY)

    done = run("check", "-o", "concise", "infra/policy.hujson", "other.hujson", "--config", "aclc.toml", folder=folder)

    assert ["other.hujson"] == [line.partition(":")[0] for line in done.out.splitlines() if "unused-group" in line]


def test_groups_that_others_define_are_known(folder: Path) -> None:
    text = POLICY.replace('"src": ["autogroup:member"]', '"src": ["group:okta"]').replace(
        '"accept": ["tag:web:443"], ', ""
    )
    (folder / "infra" / "policy.hujson").write_text(text)
    assert "undefined-group" in found(folder, "infra/policy.hujson")
    write(folder, 'known-groups = ["okta"]\n')
    assert "undefined-group" not in found(folder, "infra/policy.hujson")


def test_baseline_and_promises_can_be_configured(folder: Path) -> None:
    run("check", "infra/policy.hujson", "--write-baseline", "base.json", folder=folder)
    (folder / "promises").write_text("assert autogroup:member never reach tag:web\n")
    write(folder, 'baseline = "base.json"\nproperties = "promises"\n')

    assert ["forbidden-reach"] == found(folder, "infra/policy.hujson")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("polcy = 'x'\n", "aclc.toml:1:1: error CFG002 config-unknown-key: key `polcy` is not known"),
        ("polcy = 'x'\n", "did you mean `policy`?"),
        ("fail_on = 'error'\n", "did you mean `fail-on`?"),
        ("\n[severity]\nunused-grup = 'error'\n", "aclc.toml:3:1: error CFG003 config-value: no rule is called"),
        ("\n[severity]\nunused-grup = 'error'\n", "did you mean `unused-group`?"),
        ("profile = 'stict'\n", "did you mean `strict`?"),
        ("profile = 1\n", "`profile` must be a string"),
        ("select = 'SEC'\n", "`select` must be a list of strings"),
        ("policy = [1]\n", "`policy` must be a string or a list of strings"),
        ("severity = 1\n", "`severity` must be a table"),
        ("a = [\n", "CFG001 config-syntax: file is no TOML: "),
        ("[per-file-ignores]\n'*' = ['XX']\n", "aclc.toml:2:1: error CFG003"),
    ],
)
def test_faults_are_located_and_end_with_2(folder: Path, text: str, words: str) -> None:
    write(folder, text)

    done = run("check", "infra/policy.hujson", folder=folder)

    assert (2, "") == (done.code, done.out)
    assert words in done.err


def test_a_configuration_that_is_named_must_be_there(folder: Path) -> None:
    done = run("check", "infra/policy.hujson", "--config", "nowhere.toml", folder=folder)

    assert 2 == done.code
    assert "nowhere.toml: no such file" in done.err


def test_the_schema_is_what_the_code_takes(request: pytest.FixtureRequest) -> None:
    expected = json.dumps(config_schema(), indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--update-goldens"):
        SCHEMA.write_text(expected, encoding="utf-8")
    assert expected == SCHEMA.read_text(encoding="utf-8")
    jsonschema.Draft202012Validator.check_schema(config_schema())
    good = {"policy": "x", "select": ["SEC"], "severity": {"SEC001": "info"}, "per-file-ignores": {"*": ["SEC"]}}
    jsonschema.validate(good, config_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"polcy": "x"}, config_schema())


def test_show_settings_says_what_is_in_force_and_who_said_so(folder: Path) -> None:
    write(folder, 'policy = "infra/policy.hujson"\nignore = ["DEAD"]\n[severity]\nSEC001 = "info"\n')

    text = run("show-settings", folder=folder).out

    assert text.startswith("# aclc.toml\n")
    assert 'ignore = ["DEAD"]\n' in text
    assert 'profile = "default"  # default\n' in text
    assert '[severity]\nSEC001 = "info"\n' in text
    assert [] == [key.name for key in KEYS if key.name not in text]
    write(folder, text)
    assert text.replace("  # default", "") == run("show-settings", folder=folder).out


def test_other_commands_take_policy_and_tailnet_from_it(folder: Path) -> None:
    (folder / "net.json").write_text('{"schema_version": 1, "users": [{"login": "a@example.com"}], "nodes": []}')
    write(folder, 'policy = "infra/policy.hujson"\ntailnet = "net.json"\n')
    (folder / "promises.aclc").write_text("assert autogroup:member always reach tag:web on tcp 443\n")

    assert 0 == run("compile", folder=folder).code
    assert 2 == run("compile", "--isolated", folder=folder).code
    assert 0 == run("prove", "--properties", "promises.aclc", folder=folder).code
    assert 64 == len(run("etag", folder=folder).out.strip())
    assert (
        run("graph", "--format", "json", folder=folder).out
        == run(
            *("graph", "infra/policy.hujson", "--tailnet", "net.json", "--format", "json", "--isolated"), folder=folder
        ).out
    )
    asked = ("autogroup:member", "tag:web:443", "--isolated", "-p", "infra/policy.hujson")
    assert 0 == run("why", *asked, folder=folder).code


def test_init_writes_a_configuration_once(folder: Path) -> None:
    done = run("init", "infra/policy.hujson", folder=folder)

    assert 0 == done.code
    assert "pre-commit" in done.out
    assert ["unused-group"] == found(folder)
    again = run("init", "infra/policy.hujson", folder=folder)
    assert 2 == again.code
    assert "is there already" in again.err


def test_the_documentation_has_every_key() -> None:
    rows = (REPOSITORY / "docs" / "configuration.md").read_text(encoding="utf-8")

    assert [] == [key.name for key in KEYS if f"| `{key.name}` | " not in rows or f" | {key.says} |\n" not in rows]
