"""Modules: a file opens only what it owns and uses only what it may see; each violation names both places."""

from __future__ import annotations

import pytest

from tests.policy.language_texts import codes, findings, read, value_of

ROOT = """
module web from "web.aclc" owns tag web, tag web-*, 10.1.0.0/16, svc:web, group friends, bob@x.com
module db from "db.aclc" owns tag db
group friends = alice@x.com
group oncall = alice@x.com
host router-net = 10.1.7.0/24
"""
DB = "export group dbas\ngroup dbas = dan@x.com\ngroup hidden = eve@x.com\ntag db\n"
WEB = "tag web\ntag web-1\n"


def violations(web: str, root: str = ROOT) -> list[tuple[str, str]]:
    """Give (code, text) of what a file of module web may not do."""
    return [
        (code, text)
        for file, code, text in codes(root, web=f"{WEB}{web}", db=DB)
        if file == "web.aclc" and code[:3] == "LNG"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "allow any -> tag web, tag web-1 on any",
        "allow dbas, oncall, tag web -> 10.1.2.0/24 on tcp 22",
        "allow oncall -> router-net on any",
        "allow oncall -> friends, bob@x.com on any",
        "acl oncall -> tag web:22, 10.1.0.9:80",
        "ssh accept oncall -> tag web as root",
        "attr tag web: funnel",
        "approve route 10.1.8.0/24 by tag web",
        "approve service svc:web by tag web",
        "test eve@x.com: cannot tag db:22",
        "assert tag:web never reach tag:db",
        "group mine = x@y.z\nallow mine -> tag web on any",
    ],
)
def test_a_module_may(line: str) -> None:
    assert [] == violations(line)


@pytest.mark.parametrize(
    ("line", "code", "text"),
    [
        ("allow oncall -> tag db on any", "LNG020", "tag db"),
        ("allow oncall -> tag webby on any", "LNG020", "tag webby"),
        ("allow oncall -> tag web, tag db on any", "LNG020", "tag db"),
        ("allow oncall -> any on any", "LNG020", "any"),
        ("allow member -> self on any", "LNG020", "self"),
        ("allow oncall -> internet on any", "LNG020", "internet"),
        ("allow oncall -> 10.0.0.0/8 on any", "LNG020", "10.0.0.0/8"),
        ("allow oncall -> 10.1.0.0/16 within 10.0.0.0/8 on any", "", ""),
        ("allow oncall -> oncall on any", "LNG020", "oncall"),
        ("allow oncall -> dan@x.com on any", "LNG020", "dan@x.com"),
        ("host far = 10.9.0.1\nallow oncall -> far on any", "LNG020", "far"),
        ("ipset far = 10.9.0.1\nallow oncall -> far on any", "LNG020", "far"),
        ("group own = dan@x.com\nallow oncall -> own on any", "LNG020", "own"),
        ("acl oncall -> tag db:22", "LNG020", "tag db:22"),
        ("ssh accept oncall -> tag db as root", "LNG020", "tag db"),
        ("attr any: funnel", "LNG020", "any"),
        ("attr tag web: pool 100.64.7.0/24", "LNG020", "100.64.7.0/24"),
        ("approve route 10.0.0.0/8 by tag web", "LNG020", "tag web"),
        ("approve exit node by tag web", "LNG020", "tag web"),
        ("tag db-2 owned by oncall", "LNG020", "db-2"),
        ("allow hidden -> tag web on any", "LNG015", "hidden"),
        ("allow group:hidden -> tag web on any", "LNG015", "group:hidden"),
        ('allow "group:hidden" -> tag web on any', "LNG015", '"group:hidden"'),
        ("tag web-2 owned by hidden", "LNG015", "hidden"),
        ("group g = hidden", "LNG015", "hidden"),
        ("option randomizeClientPort true", "LNG021", "option randomizeClientPort true"),
        ('raw grants [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]', "LNG021", None),
        ("assume tag:web and tag:db apart", "LNG021", "assume tag:web and tag:db apart"),
    ],
)  # fmt: skip
def test_a_module_may_not(line: str, code: str, text: str | None) -> None:
    found = violations(line)
    assert ([(code, line if text is None else text)] if code else []) == found


def test_both_places_are_named() -> None:
    found = read(ROOT, web="tag web\nallow oncall -> tag db on any", db=DB).diagnostics
    one = next(each for each in found if each.code.id == "LNG020")
    assert ("web.aclc", "policy.aclc") == (one.span.source.name, one.notes[0].span.source.name)
    assert "module `web` may not open `tag:db`; it belongs to module `db`" == one.message
    assert one.notes[0].span.text.startswith("module web from")


def test_what_a_module_may_not_do_is_not_done() -> None:
    policy = read(ROOT, web="tag web\nallow oncall -> tag db on any\ntag db-2 owned by oncall", db=DB).value
    assert policy is not None
    assert () == policy.grants[0].dst if policy.grants else False
    assert () == policy.tag_owners["tag:db-2"].owners


@pytest.mark.parametrize("owned", ["group mine", "host mine", "ipset:mine"])
def test_a_module_cannot_make_anything_its_own(owned: str) -> None:
    kind = owned.replace(":", " ").split()[0]
    define = {"group": "x@y.z", "host": "10.0.0.1", "ipset": "10.0.0.1"}[kind]
    found = codes(f'module m from "m.aclc" owns {owned}', m=f"{kind} mine = {define}\nallow any -> {owned} on any")
    assert ["LNG020", "LNG023"] == sorted(code for _, code, _ in found if code in {"LNG020", "LNG023"})


def test_a_module_gives_away_only_what_it_owns() -> None:
    found = codes(
        'module m from "m.aclc" owns tag a-*',
        m='module n from "n.aclc" owns tag a-1, tag b',
        n="tag a-1\nallow any -> tag a-1 on any\nallow any -> tag b on any",
    )
    assert [("m.aclc", "LNG020", "tag b"), ("n.aclc", "LNG020", "tag b")] == found


def test_the_root_uses_what_is_exported_and_tags_that_it_gave() -> None:
    found = codes(f"{ROOT}allow dbas, hidden -> tag db, tag web on any", web=WEB, db=DB)
    assert [("policy.aclc", "LNG015", "hidden")] == [each for each in found if each[1].startswith("LNG")]


def test_services_and_constants_are_each_modules_own() -> None:
    root = 'module a from "a.aclc" owns tag a\nmodule b from "b.aclc" owns tag b'
    own = "tag {0}\nservice app = tcp {1}\nlet who = {0}@x.com\nallow $who -> tag {0} on app"
    grants = value_of(root, a=own.format("a", 1), b=own.format("b", 2))["grants"]
    assert [(["a@x.com"], ["tcp:1"]), (["b@x.com"], ["tcp:2"])] == [(each["src"], each["ip"]) for each in grants]


def test_a_name_is_defined_once_in_all_files() -> None:
    root = 'module a from "a.aclc" owns tag a\nmodule b from "b.aclc" owns tag b'
    found = findings(root, a="group g = x@y.z", b="group g = z@y.z")
    assert ("LNG003", "g", "group `g` is defined twice") in found
