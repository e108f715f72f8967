"""The formatter gives what the control plane's formatter gives."""

from __future__ import annotations

import hashlib
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.source import Source
from aclc.syntax.hujson_cst import Array, Object, Scalar, Value, parse_cst, written
from aclc.syntax.hujson_format import format_hujson
from aclc.syntax.hujson_read import parse_hujson
from tests.fuzz import fuzz_hujson

# ruff: noqa: E501  # texts in one piece are easier to read
# Each text and what the reference formatter makes of it, as measured.
FORMATTED: tuple[tuple[str, str], ...] = (
    ("{}", "{}\n"),
    ("[]", "[]\n"),
    ("{ }", "{}\n"),
    ("{\n}", "{}\n"),
    ('{"a":1,"b":[1,2,3]}', '{"a": 1, "b": [1, 2, 3]}\n'),
    ('{"a":1,"b":[1,2,3],}', '{"a": 1, "b": [1, 2, 3]}\n'),
    ('{\n"a":1,"b":[1,2,3]}', '{\n\t"a": 1,\n\t"b": [1, 2, 3]\n}\n'),
    ('{"a":1,\n"b":[1,2,3]}', '{\n\t"a": 1,\n\t"b": [1, 2, 3]\n}\n'),
    ('{"a":1,"b":[1,2,3]\n}', '{\n\t"a": 1,\n\t"b": [1, 2, 3]\n}\n'),
    ('{"a":1,"b":[1,\n2,3]}', '{"a": 1, "b": [\n\t1,\n\t2,\n\t3\n]}\n'),
    ('{"a":1,"b":[\n1,2,3]}', '{"a": 1, "b": [\n\t1,\n\t2,\n\t3\n]}\n'),
    ('{"a":1,"b":[1,2,3\n]}', '{"a": 1, "b": [\n\t1,\n\t2,\n\t3\n]}\n'),
    ("[1,2]//c\n", "[1, 2] //c\n"),
    ("//c\n[1,2]", "//c\n[1, 2]\n"),
    ("//c\n\n\n[1,2]\n\n\n//d\n", "//c\n\n[1, 2]\n\n//d\n"),
    ("/*c*/[1,2]", "/*c*/ [1, 2]\n"),
    ("/*c*/\n[1,2]", "/*c*/\n[1, 2]\n"),
    ("[/*a*/1/*b*/,/*c*/2/*d*/]", "[ /*a*/ 1 /*b*/ , /*c*/ 2 /*d*/ ]\n"),
    ("[//a\n1//b\n,//c\n2//d\n]", "[ //a\n\t1 //b\n\t\t, //c\n\t2, //d\n]\n"),
    ("[1//b\n]", "[\n\t1, //b\n]\n"),
    ("[1,//b\n]", "[\n\t1, //b\n]\n"),
    ("[\n//only\n]", "[\n\t//only\n]\n"),
    ("[/*x*/]", "[ /*x*/ ]\n"),
    ("{/*x*/}", "{ /*x*/ }\n"),
    ('{"a"/*b*/:/*c*/1/*d*/,/*e*/}', '{"a" /*b*/ : /*c*/ 1 /*d*/ , /*e*/ }\n'),
    ('{"a"//b\n://c\n1//d\n,//e\n}', '{\n\t"a" //b\n\t\t: //c\n\t\t1 //d\n\t\t, //e\n}\n'),
    (
        '{//\n"a":1,"bbb":2,"cc":{"x":1},"dddddd":[1,\n2],"e":3,"ffff":4}',
        '{ //\n\t"a":   1,\n\t"bbb": 2,\n\t"cc":  {"x": 1},\n\t"dddddd": [\n\t\t1,\n\t\t2,\n\t],\n\t"e":    3,\n\t"ffff": 4,\n}\n',
    ),
    ('{//\n"a":1,\n\n"bbb":2}', '{ //\n\t"a": 1,\n\n\t"bbb": 2,\n}\n'),
    ('{//\n"a":1,\n//c\n"bbb":2,"ccccc":3}', '{ //\n\t"a": 1,\n\t//c\n\t"bbb":   2,\n\t"ccccc": 3,\n}\n'),
    (
        '{//\n"a":1, /*x*/\n"bbb":2, //y\n"ccccc":3 //z\n}',
        '{ //\n\t"a":     1, /*x*/\n\t"bbb":   2, //y\n\t"ccccc": 3, //z\n}\n',
    ),
    (
        '{//\n"a":{"x":1},"bb":{"y":[1,\n2]},"cccc":2,"eeeeeee":5}',
        '{ //\n\t"a": {"x": 1},\n\t"bb": {"y": [\n\t\t1,\n\t\t2,\n\t]},\n\t"cccc":    2,\n\t"eeeeeee": 5,\n}\n',
    ),
    (
        '{//\n"a": {\n"x":1},"bbbbbb":3, "c":4}',
        '{ //\n\t"a": {\n\t\t"x": 1,\n\t},\n\t"bbbbbb": 3,\n\t"c":      4,\n}\n',
    ),
    ('{//\n"a":1,"bbb"/*k*/:2,"ccccc":3}', '{ //\n\t"a":          1,\n\t"bbb" /*k*/ : 2,\n\t"ccccc":      3,\n}\n'),
    ('{//\n"a":1,"bbb":/*k*/2,"ccccc":3}', '{ //\n\t"a":         1,\n\t"bbb": /*k*/ 2,\n\t"ccccc":     3,\n}\n'),
    ('{//\n"a":1,"\xe9\xe9\xe9":2,"ccccc":3}', '{ //\n\t"a":      1,\n\t"\xe9\xe9\xe9": 2,\n\t"ccccc":  3,\n}\n'),
    (
        '{//\n"a":1,"\\u00e9bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb":2,"ccccc":3}',
        '{ //\n\t"a":                                        1,\n\t"\xe9bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb": 2,\n\t"ccccc":                                    3,\n}\n',
    ),
    ('{"a":1,"bbb":2,"cc":3}', '{"a": 1, "bbb": 2, "cc": 3}\n'),
    ('{\n"a":1,"bbb":2,"cc":3}', '{\n\t"a":   1,\n\t"bbb": 2,\n\t"cc":  3\n}\n'),
    ('[{"a":1,"bbb":2},{"aaaa":1,"b":2}]', '[{"a": 1, "bbb": 2}, {"aaaa": 1, "b": 2}]\n'),
    ('[\n{"a":1,"bbb":2},{"aaaa":1,"b":2}]', '[\n\t{"a": 1, "bbb": 2},\n\t{"aaaa": 1, "b": 2}\n]\n'),
    ("[\n[1,2,3],[1111,2222,3333]]", "[\n\t[1, 2, 3],\n\t[1111, 2222, 3333]\n]\n"),
    (
        '{\n"a":[],"bbb":{},"c":[{}],"dd":[[1,2],[3]]}',
        '{\n\t"a":   [],\n\t"bbb": {},\n\t"c":   [{}],\n\t"dd":  [[1, 2], [3]]\n}\n',
    ),
    ('[{\n"a":1},{\n"b":2}]', '[{\n\t"a": 1\n}, {\n\t"b": 2\n}]\n'),
    ('[\n{\n"a":1},{\n"b":2}]', '[\n\t{\n\t\t"a": 1\n\t},\n\t{\n\t\t"b": 2\n\t}\n]\n'),
    ('[{"a":1},\n{"b":2}]', '[\n\t{"a": 1},\n\t{"b": 2}\n]\n'),
    ('[[{"a":1,\n"b":2}]]', '[[{\n\t"a": 1,\n\t"b": 2\n}]]\n'),
    ('{"a":[{"b":1,\n"c":2}]}', '{"a": [{\n\t"b": 1,\n\t"c": 2\n}]}\n'),
    ('{"a":[{"b":1,"c":2},\n{"d":1}]}', '{"a": [\n\t{"b": 1, "c": 2},\n\t{"d": 1}\n]}\n'),
    (
        '{"k":["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "b"], "l":["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"], "m":[1]}',
        '{\n\t"k": ["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "b"],\n\t"l": ["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],\n\t"m": [1]\n}\n',
    ),
    (
        '{"k":{"a":["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "b"], "l":["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"], "m":[1]}, "z": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}',
        '{"k": {\n\t"a": ["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "b"],\n\t"l": ["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],\n\t"m": [1]\n}, "z": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}\n',
    ),
    (
        '[["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]]',
        '[[\n\t"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",\n\t"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",\n\t"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"\n], ["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]]\n',
    ),
    (
        '[{"a":["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],"b":["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]}]',
        '[{"a": [\n\t"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",\n\t"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",\n\t"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"\n], "b": ["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]}]\n',
    ),
    (
        '[1.0, 1e5, 1E5, -0, 0.10, 1e+05, 100000000000000000000000, "\\u0041\\/\\n\\u2028\\ud800\\u0001\\u007f\\u00e9\\ud83d\\ude00\\"", "\x7f\u2028<>&"]',
        '[\n\t1.0,\n\t1e5,\n\t1E5,\n\t-0,\n\t0.10,\n\t1e+05,\n\t100000000000000000000000,\n\t"A/\\n\u2028\ufffd\\u0001\x7f\xe9\U0001f600\\"",\n\t"\x7f\u2028<>&"\n]\n',
    ),
    ('{\n"a":1,\n\n\n\n"b":2,\n\n}', '{\n\t"a": 1,\n\n\t"b": 2,\n}\n'),
    ("[\n\n1,\n\n]", "[\n\t1,\n]\n"),
    ("[1 //x\n\n//y\n,2]", "[1 //x\n\n\t\t//y\n\t\t, 2]\n"),
    ('{\n//a\n\n//b\n"x":1, //c\n//d\n\n//e\n}', '{\n\t//a\n\n\t//b\n\t"x": 1, //c\n\t//d\n\n\t//e\n}\n'),
    (
        '{\n/* multi\n     line\n\tx */\n"x": /* in\nside */ 1}',
        '{\n\t/* multi\n\t     line\n\t\tx */\n\t"x": /* in\n\t\tside */ 1,\n}\n',
    ),
    ("\t \n//a   \n  //b\t\n{} //c  \n", "//a\n//b\n{} //c\n"),
    ('{"a":1, // x\n "b":2}', '{\n\t"a": 1, // x\n\t"b": 2,\n}\n'),
    ("[1, // x\n 2]", "[\n\t1, // x\n\t2,\n]\n"),
    ("[1, /* x */\n 2]", "[\n\t1, /* x */\n\t2,\n]\n"),
    ("[1, /* x */ 2]", "[1, /* x */ 2]\n"),
    ("[1 /* x\n */, 2]", "[1 /* x\n\t\t */ , 2]\n"),
    ('{"a": [1,2], //c\n "b": {"x":1} //d\n}', '{\n\t"a": [1, 2], //c\n\t"b": {"x": 1}, //d\n}\n'),
    ("/*a*//*b*/{}", "/*a*/ /*b*/ {}\n"),
    ("//a\n/*b*/ //c\n{}", "//a\n/*b*/ //c\n{}\n"),
    ("{} /*x*/", "{} /*x*/\n"),
    ("{}\n//x\n", "{}\n//x\n"),
    ("{}//x\n//y\n", "{} //x\n//y\n"),
    ("{} /*x\ny*/ //z\n", "{} /*x\ny*/ //z\n"),
    ("[/*a*/ 1,\n2]", "[\n\t/*a*/ 1,\n\t2,\n]\n"),
    ("[\n1, /*a*/ 2,\n3]", "[\n\t1,\n\t/*a*/ 2,\n\t3,\n]\n"),
    ("[\n1 /*a*/, 2,\n3]", "[\n\t1 /*a*/ ,\n\t2,\n\t3,\n]\n"),
    ("[\n1\n/*a*/, 2,\n3]", "[\n\t1\n\t\t/*a*/ ,\n\t2,\n\t3,\n]\n"),
    ("[\n1 //x\n, 2,\n3]", "[\n\t1 //x\n\t\t,\n\t2,\n\t3,\n]\n"),
    ("[\n1,/*a*/ /*b*/\n/*c*/ 2]", "[\n\t1, /*a*/ /*b*/\n\t/*c*/ 2,\n]\n"),
    ("[1,\n2 /*a*/ /*b*/]", "[\n\t1,\n\t2, /*a*/ /*b*/\n]\n"),
    ("[1,\n2, /*a*/ /*b*/]", "[\n\t1,\n\t2, /*a*/ /*b*/\n]\n"),
    ("[1,\n2 /*a*/\n /*b*/]", "[\n\t1,\n\t2, /*a*/\n\t/*b*/\n]\n"),
    ("[1,\n2\n /*b*/]", "[\n\t1,\n\t2,\n\t/*b*/\n]\n"),
    ("[1,\n2, //x\n\n\n//y\n\n\n]", "[\n\t1,\n\t2, //x\n\n\t//y\n]\n"),
    ("[ //x\n\n\n1]", "[ //x\n\n\t1,\n]\n"),
    ("[\n\n//x\n\n\n1]", "[\n\t//x\n\n\t1,\n]\n"),
    ('{\n"a":\n1}', '{\n\t"a":\n\t\t1\n}\n'),
    ('{\n"a":\n{"b":1}}', '{\n\t"a":\n\t\t{"b": 1}\n}\n'),
    ('{\n"a"\n:\n1\n,"b":2}', '{\n\t"a":\n\t\t1,\n\t"b": 2\n}\n'),
    ('{\n"a"://x\n1}', '{\n\t"a": //x\n\t\t1,\n}\n'),
    ('{\n"a":/*x*/\n1}', '{\n\t"a": /*x*/\n\t\t1,\n}\n'),
    ('{\n"a": {"b":\n1}}', '{\n\t"a": {"b":\n\t\t\t1}\n}\n'),
    ('{\n"a":\n//x\n\n\n//y\n1}', '{\n\t"a":\n\t\t//x\n\n\t\t//y\n\t\t1,\n}\n'),
    ('{"a" //x\n: 1}', '{"a" //x\n\t\t: 1}\n'),
    ('{\n"a" : //c\n\n [1]}', '{\n\t"a": //c\n\t\t[1],\n}\n'),
    ("\n\n{}\n\n", "{}\n"),
    ("/*a*/\n\n/*b*/{}", "/*a*/\n\n/*b*/ {}\n"),
    ("/*a*/ //b\n\n\n{}", "/*a*/ //b\n\n{}\n"),
    ("{}/*a*/\n\n\n/*b*/", "{} /*a*/\n\n/*b*/\n"),
    ("{} \n\n //x\n\n//y\n", "{}\n\n//x\n\n//y\n"),
    ("[\n\t\t/*\n\t\t  a\n\t\t    b\n\t\t*/\n1]", "[\n\t/*\n\ta\n\t  b\n\t*/\n\t1,\n]\n"),
    ("[\n  /*\n   * a\n   * b  \n   */\n1]", "[\n\t/*\n\t * a\n\t * b\n\t */\n\t1,\n]\n"),
    ("[[[\n/* a\nb\n\n c\n*/1]]]", "[[[\n\t/* a\n\tb\n\n\t c\n\t*/ 1,\n]]]\n"),
    ('[["\\b\\f\\n\\r\\t\\/\\\\ \\u000b"]]', '[["\\b\\f\\n\\r\\t/\\\\ \\u000b"]]\n'),
    ("[\n//x\r\n1,//y\r\n2]\r\n", "[\n\t//x\n\t1, //y\n\t2,\n]\n"),
    ('{\r\n"a":1,\r\n\r\n\r\n"b":2}\r\n', '{\n\t"a": 1,\n\n\t"b": 2\n}\n'),
    ('{"a": {"b":\n1}}', '{"a": {"b":\n\t\t1}}\n'),
    ('{"a":\n1}', '{"a":\n\t\t1}\n'),
    ('{\n"a": {"b": [\n1]}}', '{\n\t"a": {"b": [\n\t\t1\n\t]}\n}\n'),
    ('{"a": {"b": [\n1], "c":\n2}}', '{"a": {"b": [\n\t1\n], "c":\n\t\t2}}\n'),
    ('{"a": {"b": [\n1], "c":\n{\n"z":1}}}', '{"a": {"b": [\n\t1\n], "c":\n\t\t{\n\t\t"z": 1\n\t}}}\n'),
    ("[[1 //x\n,2]]", "[[1 //x\n\t\t, 2]]\n"),
    ("[\n[1 //x\n,2]]", "[\n\t[1 //x\n\t\t\t, 2],\n]\n"),
    ('[{"a":1 //x\n,"b":2}]', '[{"a": 1 //x\n\t\t, "b": 2}]\n'),
    ('{"k":[{"a":1 //x\n,"b":2}]}', '{"k": [{"a": 1 //x\n\t\t, "b": 2}]}\n'),
    ('{"k":[{"a":1 //x\n//y\n,"b":2}]}', '{"k": [{"a": 1 //x\n\t\t//y\n\t\t, "b": 2}]}\n'),
    ('{"k":[{"a":[\n1] //x\n,"b":2}]}', '{"k": [{"a": [\n\t1,\n] //x\n\t\t, "b": 2}]}\n'),
    ('{"k"/*z*/:[1, 2/*q*/], /*end*/}', '{"k" /*z*/ : [1, 2 /*q*/ ] /*end*/ }\n'),
    ('{"k":1/*z*/}', '{"k": 1 /*z*/ }\n'),
    ('{"k":1/*z\nz*/}', '{\n\t"k": 1, /*z\n\tz*/\n}\n'),
    ('{"k":1/*z\nz*/\n}', '{\n\t"k": 1, /*z\n\tz*/\n}\n'),
    ('{"k":1, /*z\nz*/ "b":2}', '{\n\t"k": 1, /*z\n\tz*/ "b": 2,\n}\n'),
    ('{"k":1, /*z\nz*/\n "b":2}', '{\n\t"k": 1, /*z\n\tz*/\n\t"b": 2,\n}\n'),
    ("[\n\t/*\n\t\t\tfoo\n\t\t\tbar */\n1]", "[\n\t/*\n\tfoo\n\tbar */\n\t1,\n]\n"),
    ("[\n\t\t/*\n\tfoo\n\tbar */\n1]", "[\n\t/*\n\tfoo\n\tbar */\n\t1,\n]\n"),
    ("[\n/*\n   * a\n   * b\n   */\n1]", "[\n\t/*\n\t * a\n\t * b\n\t */\n\t1,\n]\n"),
    ("[\n/*\n   * a\n   b\n   */\n1]", "[\n\t/*\n\t* a\n\tb\n\t*/\n\t1,\n]\n"),
    ("[\n/* x\n   a\n   b\n   */\n1]", "[\n\t/* x\n\ta\n\tb\n\t*/\n\t1,\n]\n"),
    ("[\n/* x\n   a\n\n   b */\n1]", "[\n\t/* x\n\ta\n\n\tb */\n\t1,\n]\n"),
    ("[\n/* x\n \ta\n  b */\n1]", "[\n\t/* x\n\t\ta\n\t b */\n\t1,\n]\n"),
    ("[1, /* x\n  b */\n1]", "[\n\t1, /* x\n\tb */\n\t1,\n]\n"),
    ("[1 /* x\n  b */,\n1]", "[\n\t1 /* x\n\t\tb */ ,\n\t1,\n]\n"),
    ("/* x\n  b\n  c */{}", "/* x\nb\nc */ {}\n"),
    ("  /* x\n  b\n  c */{}", "/* x\nb\nc */ {}\n"),
    ("[\n/* x\n   a\r\n   b */\n1]", "[\n\t/* x\n\ta\n\tb */\n\t1,\n]\n"),
    ("[\n/* x   \n   * a\n    * b */\n1]", "[\n\t/* x\n\t* a\n\t * b */\n\t1,\n]\n"),
    ("[\n/*\n*/\n1]", "[\n\t/*\n\t */\n\t1,\n]\n"),
    ("[\n/*\n\n*/\n1]", "[\n\t/*\n\n\t*/\n\t1,\n]\n"),
    ("[\n/*   \n   */\n1]", "[\n\t/*\n\t */\n\t1,\n]\n"),
    ("[\n/* a\n   b\n*/\n1]", "[\n\t/* a\n\tb\n\t*/\n\t1,\n]\n"),
    ("[\n/* a\n   b\n  */\n1]", "[\n\t/* a\n\tb\n\t*/\n\t1,\n]\n"),
    ("[ //x\n]", "[ //x\n]\n"),
    ("[1 //x\n]", "[\n\t1, //x\n]\n"),
    ('["\\u0041\\u00e9\x7f\\u2028"]', '["A\xe9\x7f\u2028"]\n'),
    ('{"a": 1, /*x*/\n /*y*/ "b": 2}', '{\n\t"a": 1, /*x*/\n\t/*y*/ "b": 2,\n}\n'),
    ('{\n"a": 1, /*z\nz*/ "bbbbb": 2,\n"cc":3}', '{\n\t"a":     1, /*z\n\tz*/ "bbbbb": 2,\n\t"cc":    3,\n}\n'),
    ('{\n"a":\n1,"bbbb":2,"c":3}', '{\n\t"a":\n\t\t1,\n\t"bbbb": 2,\n\t"c":    3\n}\n'),
    ('{\n"c":\n{\n"z":1}}', '{\n\t"c":\n\t\t{\n\t\t\t"z": 1\n\t\t}\n}\n'),
    ('{\n"c":/*\n*/{\n"z":1}}', '{\n\t"c": /*\n\t\t */ {\n\t\t\t"z": 1,\n\t\t},\n}\n'),
    ('{\n"c": //x\n{\n"z":1}}', '{\n\t"c": //x\n\t\t{\n\t\t\t"z": 1,\n\t\t},\n}\n'),
    ('{\n"c": //x\n[1,//\n2]}', '{\n\t"c": //x\n\t\t[\n\t\t\t1, //\n\t\t\t2,\n\t\t],\n}\n'),
    (
        '{//\n"a": /*k*/ 1,\n"bbbbbbbbbbbbbbbbbbbb":2}',
        '{ //\n\t"a": /*k*/              1,\n\t"bbbbbbbbbbbbbbbbbbbb": 2,\n}\n',
    ),
    (
        '{//\n"a" /*k*/: 1,\n"bbbbbbbbbbbbbbbbbbbb":2}',
        '{ //\n\t"a" /*k*/ :             1,\n\t"bbbbbbbbbbbbbbbbbbbb": 2,\n}\n',
    ),
    (
        '{//\n"a": 1 /*k*/,\n"bbbbbbbbbbbbbbbbbbbb":2}',
        '{ //\n\t"a":                    1 /*k*/ ,\n\t"bbbbbbbbbbbbbbbbbbbb": 2,\n}\n',
    ),
    ('{//\n"a": 1 //k\n,\n"bbbbbbbbbbbbbbbbbbbb":2}', '{ //\n\t"a": 1 //k\n\t\t,\n\t"bbbbbbbbbbbbbbbbbbbb": 2,\n}\n'),
    ('{//\n"a" //k\n: 1,\n"bbbbbbbbbbbbbbbbbbbb":2}', '{ //\n\t"a" //k\n\t\t: 1,\n\t"bbbbbbbbbbbbbbbbbbbb": 2,\n}\n'),
    (
        '{//\n"x":1,"a" //k\n: 1,\n"bbbbbbbbbbbbbbbbbbbb":2}',
        '{ //\n\t"x": 1,\n\t"a" //k\n\t\t: 1,\n\t"bbbbbbbbbbbbbbbbbbbb": 2,\n}\n',
    ),
    (
        '{//\n"a":1, "b":{"x":[1 //\n,2]},"ccccc":3}',
        '{ //\n\t"a": 1,\n\t"b": {"x": [1 //\n\t\t\t, 2]},\n\t"ccccc": 3,\n}\n',
    ),
    ('{//\n"a":1, "b":[/*\n*/],"ccccc":3}', '{ //\n\t"a":     1,\n\t"b":     [ /*\n\t\t */\n\t],\n\t"ccccc": 3,\n}\n'),
    ("[1/*b*/,]", "[1 /*b*/ ]\n"),
    ("[1/*b*/,/*c*/]", "[1 /*b*/ , /*c*/ ]\n"),
    ("[1,/*c*/]", "[1 /*c*/ ]\n"),
    ("[\n1/*b*/,/*c*/]", "[\n\t1 /*b*/ , /*c*/\n]\n"),
    ("//x\xa0\n{}", "//x\n{}\n"),
    ("//x\x0b\n{}", "//x\n{}\n"),
    ("//x\x0c \t\r\n{}", "//x\n{}\n"),
    ("[\n/*\n\xa0a\n\xa0b\n*/1]", "[\n\t/*\n\t\xa0a\n\t\xa0b\n\t*/ 1,\n]\n"),
    ("[\n/*\n\x0ba\n\x0bb\n*/1]", "[\n\t/*\n\t\x0ba\n\t\x0bb\n\t*/ 1,\n]\n"),
    ("/*a\r\nb\r\n*/{}\r\n", "/*a\nb\n*/ {}\n"),
    ('{\r\n"a":1,//x\r\n"b":[1,2 /*\r\n*/]}', '{\n\t"a": 1, //x\n\t"b": [\n\t\t1,\n\t\t2, /*\n\t\t */\n\t],\n}\n'),
    ('["\\n\udcff"]', '["\\n\ufffd"]\n'),
    ("//x\x85\n{}", "//x\n{}\n"),
    ("//x\u2003\n{}", "//x\n{}\n"),
    ("[/*x \r*/1]", "[ /*x  */ 1]\n"),
    ("/* \r \r*/{}", "/*    */ {}\n"),
    ("[\n/*\n\ta\n\t\x0bb\x0b\n*/1]", "[\n\t/*\n\ta\n\t\x0bb\n\t*/ 1,\n]\n"),
    ("//\r\r\n{}", "//\n{}\n"),
    ("[1,//xxxx\r\n2]", "[\n\t1, //xxxx\n\t2,\n]\n"),
    ("[\n/*\n\r\r a\nb*/1]", "[\n\t/*\n\t  a\n\tb*/ 1,\n]\n"),
    ("[1,/*\n\ra\n b*/1]", "[\n\t1, /*\n\ta\n\t b*/ 1,\n]\n"),
    ("//a\x1c\n{}", "//a\x1c\n{}\n"),
    ("[\n/*\n\ra\n\rb\n\r*/1]", "[\n\t/*\n\ta\n\tb\n\t*/ 1,\n]\n"),
    ("[\n/*\n \ra\n  b\n\r*/1]", "[\n\t/*\n\ta\n\tb\n\t*/ 1,\n]\n"),
    (
        '{"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","b":1}',
        '{"a": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "b": 1}\n',
    ),
    (
        '{"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","b":1}',
        '{\n\t"a": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",\n\t"b": 1\n}\n',
    ),
    (
        '["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",[\n1]]',
        '["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", [\n\t1\n]]\n',
    ),
    (
        '[["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]]',
        '[["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]]\n',
    ),
    (
        '[["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]]',
        '[\n\t["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]\n]\n',
    ),
    (
        '["\xe9xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]',
        '["\xe9xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]\n',
    ),
    (
        '["\xe9xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]',
        '[\n\t"\xe9xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"\n]\n',
    ),
    (
        '["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"/*c*/,1]',
        '["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" /*c*/ , 1]\n',
    ),
    (
        '["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"/*c*/,1]',
        '[\n\t"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" /*c*/ ,\n\t1,\n]\n',
    ),
    (
        '["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", /*c*/1]',
        '["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", /*c*/ 1]\n',
    ),
    (
        '["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", /*c*/1]',
        '[\n\t"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",\n\t/*c*/ 1,\n]\n',
    ),
    (
        '[1 //x\n   /*yyyyyyyyyy*/, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]',
        '[1 //x\n\t\t/*yyyyyyyyyy*/ , "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]\n',
    ),
    (
        '[1 //x\n   /*yyyyyyyyyy*/, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]',
        '[\n\t1 //x\n\t\t/*yyyyyyyyyy*/ ,\n\t"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",\n]\n',
    ),
)


@pytest.mark.parametrize(("text", "expected"), FORMATTED, ids=[repr(text) for text, _ in FORMATTED])
def test_layout_is_the_reference_s(text: str, expected: str) -> None:
    """Blanks, line ends, columns, commas, comments and strings, case by case."""
    assert expected == format_hujson(text)
    assert expected == format_hujson(expected)


def test_text_that_is_refused_has_no_form() -> None:
    """There is nothing to format in it."""
    assert format_hujson("{") is None
    assert format_hujson("[1]") == "[1]\n"


def right_text(random_: random.Random) -> str:
    """Give text that parses, with comments in any place."""
    while True:
        text = fuzz_hujson.value(random_)
        if parse_cst(text) is not None:
            return text


def comments(text: str) -> list[str]:
    """Give the words of the comments of a text, in order."""
    tree = parse_cst(text)
    assert tree is not None
    extras = "\0".join(_extras(tree))
    return [
        " ".join(found.split()) for found in re.findall(r"//[^\n]*|/\*.*?\*/", extras.replace("\r", " "), re.DOTALL)
    ]


def _extras(value: Value) -> list[str]:
    node = value.node
    inside: list[str] = []
    if isinstance(node, Object):
        inside = [each for member in node.members for each in (*_extras(member.name), *_extras(member.value))]
    elif isinstance(node, Array):
        inside = [each for element in node.elements for each in _extras(element)]
    tail = "" if isinstance(node, Scalar) else node.tail
    return [value.before, *inside, tail, value.after]


@given(st.integers(0, 2**64))
def test_formatting_changes_nothing_but_the_form(seed: int) -> None:
    """Value and comments stay, and a second time changes nothing."""
    random_ = random.Random(seed)
    for _ in range(5):
        text = right_text(random_)
        formatted = format_hujson(text)
        assert formatted is not None
        assert formatted == format_hujson(formatted)
        assert comments(text) == comments(formatted)
        before, after = parse_hujson(Source("t", text)), parse_hujson(Source("t", formatted))
        assert before.value is not None
        assert after.value is not None
        assert repr(before.value.value) == repr(after.value.value)


@given(st.integers(0, 2**64))
def test_tree_keeps_every_byte(seed: int) -> None:
    """The texts of the tree, put together, are the source; offsets are those of the values."""
    text = right_text(random.Random(seed))
    tree = parse_cst(text)
    assert tree is not None
    assert text == written(tree)
    for value in _values(tree):
        node = written(Value("", value.node, "", 0, 0))
        assert node == text[value.start : value.end]


def _values(value: Value) -> list[Value]:
    node = value.node
    inside: list[Value] = []
    if isinstance(node, Object):
        inside = [each for member in node.members for each in (member.name, member.value)]
    elif isinstance(node, Array):
        inside = node.elements
    return [value, *(deep for each in inside for deep in _values(each))]


def test_corpus_is_formatted_as_the_reference_does(corpus: Path) -> None:
    """Every real policy: the same SHA-256, and nothing for those that do not parse. Trees keep every byte."""
    rows = [line.split("\t") for line in (corpus / "policies" / "format.tsv").read_text().splitlines()[1:]]
    different = []
    for name, digest, _ in rows:
        text = Source.from_bytes(name, (corpus / "policies" / name).read_bytes()).text
        tree = parse_cst(text)
        assert (digest == "ERR") == (tree is None), name
        assert tree is None or text == written(tree), name
        formatted = format_hujson(text)
        if formatted is not None and hashlib.sha256(formatted.encode("utf-8", "surrogateescape")).hexdigest() != digest:
            different.append(name)
        if name.startswith("head/") and formatted is not None:
            assert formatted == format_hujson(formatted), name
    assert different == []
