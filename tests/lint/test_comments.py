from __future__ import annotations

from aclc.lint.comments import Comments
from aclc.policy.read_hujson import read_policy
from aclc.source import Source

TEXT = """{
  // about nothing

  // one
  /* two */
  "hosts": {"a": "http://no.comment"}, // three
  "grants": [
    // four
    {"src": ["*"], // five
     "dst": ["*"], "ip": ["*"]}, /* six
     still six */
    {"src": ["b@example.com"], "dst": ["*"], "ip": ["tcp:1"]}
  ]
}
"""


def about(*path: str | int) -> list[str]:
    policy = read_policy(Source("policy.hujson", TEXT)).value
    assert policy is not None
    return [comment.text for comment in Comments(policy).about(policy.place.at(*path).span)]


def test_comments_above_beside_and_within_speak_of_a_value() -> None:
    assert about("grants", 0) == ["// four", "// five", "/* six\n     still six */"]
    assert about("hosts") == ["// one", "/* two */", "// three"]


def test_a_comment_that_ends_on_the_line_above_beside_code_is_not_about_the_next() -> None:
    assert about("grants", 1) == []


def test_a_file_without_comments_has_none() -> None:
    policy = read_policy(Source("policy.hujson", '{"grants": []}')).value
    assert policy is not None
    assert Comments(policy).about(policy.place.at("grants").span) == ()
