"""The worked examples in policies/: clean, their own tests pass, and what they compile to is as it was."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from aclc.check import check_source
from aclc.compile import Compiled, compile_policy
from aclc.diagnostics import in_order
from aclc.policy.read_hujson import read_policy
from aclc.reports.style import Style
from aclc.reports.text import summary, text_report
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from tests.cli.running import run, surroundings
from tests.corpus import REPOSITORY
from tests.goldens import Golden
from tests.reports.schemas import COMPILE

FOLDER = REPOSITORY / "policies"
SMALL = ("homelab", "startup")
COMPANY_NODES = ("u0000-laptop", "billing-dev-1", "router-ams-a")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company, written anew."""
    folder = tmp_path_factory.mktemp("company")
    script("company/generate.py").write(folder)
    return folder


def script(path: str) -> ModuleType:
    """Load a script of the examples."""
    spec = importlib.util.spec_from_file_location(f"policies_{Path(path).stem}", FOLDER / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def source(path: Path) -> Source:
    """Give an example's file under the name that a reader knows."""
    return Source(path.name, path.read_text(encoding="utf-8"))


def compiled(folder: Path) -> Compiled:
    """Give an example compiled."""
    tailnet = load_tailnet(source(folder / "tailnet.json"))
    read = read_policy(source(folder / "policy.hujson"))
    assert tailnet.value is not None
    assert read.value is not None
    outcome = compile_policy(read.value, tailnet.value)
    assert () == outcome.diagnostics
    assert outcome.value is not None
    return outcome.value


def is_clean(folder: Path) -> None:
    """Check an example with its tailnet and without, and see that it keeps promises."""
    nothing = (0, "No findings in policy.hujson.\n", "")
    assert nothing == run("check", "policy.hujson", "--tailnet", "tailnet.json", folder=folder)
    assert nothing == run("check", "policy.hujson", folder=folder)
    policy = read_policy(source(folder / "policy.hujson")).value
    assert policy is not None
    assert policy.tests
    assert policy.ssh_tests


@pytest.mark.parametrize("name", SMALL)
def test_example_is_clean_and_tested(name: str) -> None:
    is_clean(FOLDER / name)


def test_the_company_is_clean_and_tested(company: Path) -> None:
    is_clean(company)


@pytest.mark.parametrize("name", SMALL)
def test_example_compiles_to_what_it_did(name: str, golden: Golden) -> None:
    document = b"".join(compiled(FOLDER / name).document())

    COMPILE.validate(json.loads(document))
    golden(f"examples/{name}.json", document)


def test_the_company_in_the_repository_is_what_is_generated(company: Path) -> None:
    assert (company / "policy.hujson").read_bytes() == (FOLDER / "company" / "policy.hujson").read_bytes()


def test_the_company_compiles_to_what_it_did(company: Path, golden: Golden) -> None:
    """Forty megabytes: all of it by its hash, some nodes in full."""
    of = compiled(company)
    index = {node.name: number for number, node in enumerate(of.tailnet.nodes)}
    digest = hashlib.sha256()
    for chunk in of.document():
        digest.update(chunk)
    some = b"".join(of.document([index[name] for name in COMPANY_NODES]))

    COMPILE.validate(json.loads(some))
    golden("examples/company-some-nodes.json", some)
    golden("examples/company.txt", f"{len(index)} nodes\nsha256:{digest.hexdigest()}\n")


def test_mistakes_are_found_all_at_once(golden: Golden) -> None:
    broken = source(FOLDER / "homelab" / "broken.hujson")
    found = in_order(check_source(broken).diagnostics)

    golden("examples/broken.txt", "".join(text_report(found, Style())) + summary(found, [broken.name], Style()))


def test_the_demonstration_shows_what_it_should(golden: Golden) -> None:
    """Its whole output, which `make demo` shows to newcomers."""
    done = subprocess.run(
        [sys.executable, "policies/demo.py"],
        cwd=REPOSITORY,
        env=surroundings(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)
    golden("examples/demo.txt", done.stdout)
