"""What people type and paste: curl commands, options, logs, and JSON that is none."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from fastwright.diagnose.curl import parse_curl
from fastwright.diagnose.inputs import Typed, read_request
from fastwright.diagnose.logs import parse_line
from fastwright.diagnose.loose import repaired
from fastwright.errors import InputError

CHROME = r"""curl 'https://api.example.com/items?limit=5' \
  -H 'accept: application/json' \
  -H 'content-type: application/json' \
  -b 'session=abc; theme=dark' \
  --data-raw $'{"name":"it\'s"}' \
  --compressed"""


def test_a_command_from_a_browser_is_read_whole() -> None:
    request = parse_curl(CHROME)
    assert (request.method, request.url, request.base) == ("POST", "/items?limit=5", "https://api.example.com")
    assert request.json == {"name": "it's"}
    assert dict(request.cookies) == {"session": "abc", "theme": "dark"}
    assert request.media == "application/json"


@pytest.mark.parametrize(
    ("command", "method", "media"),
    [
        ("curl localhost:8000/items", "GET", ""),
        ("curl -X DELETE http://h/items/1", "DELETE", ""),
        ("curl http://h/items -d a=1 -d b=2", "POST", "application/x-www-form-urlencoded"),
        ("""curl http://h/items --json '{"a": 1}'""", "POST", "application/json"),
        ("curl -sXPUT http://h/items -H 'Content-Type: text/plain' -d x", "PUT", "text/plain"),
        ("curl http://h/items -F a=1 -F f=@x.png", "POST", "multipart/form-data"),
        ("curl -G http://h/items --data-urlencode 'q=a b'", "GET", ""),
        ("curl -I http://h/items", "HEAD", ""),
    ],
)
def test_options_of_curl_make_method_and_media(command: str, method: str, media: str) -> None:
    request = parse_curl(command)
    assert (request.method, request.media) == (method, media)
    assert request.path == "/items" if "DELETE" not in command else "/items/1"


def test_credentials_of_curl_become_a_header() -> None:
    assert parse_curl("curl -u ada:secret http://h/").header("authorization") == "Basic YWRhOnNlY3JldA=="


@pytest.mark.parametrize("text", ["wget http://h", "curl", "curl 'http://h"])
def test_what_is_no_command_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_curl(text)


def test_a_body_is_json_unless_a_header_says_otherwise() -> None:
    assert read_request(Typed(endpoint="POST /a", body="{}")).media == "application/json"
    assert read_request(Typed(endpoint="POST /a", body="{}", headers=("Content-Type:",))).media == ""
    assert read_request(Typed(endpoint="POST /a", body={"b": 1})).json == {"b": 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'a': 1}", {"a": 1}),
        ('{"a": 1,}', {"a": 1}),
        ("{a: True, b: None}", {"a": True, "b": None}),
        ('{"a": [1, 2', {"a": [1, 2]}),
        ('{"a": 1 // one\n "b": 2}', {"a": 1, "b": 2}),
        ("{“a”: “b”}", {"a": "b"}),
        ('{"a": 007}', {"a": 7}),
        ('{"it\'s": "x"}', {"it's": "x"}),
    ],
)
def test_json_by_hand_is_understood(text: str, value: JsonValue) -> None:
    assert repaired(text) == value


@pytest.mark.parametrize(
    ("line", "shown", "status"),
    [
        ('INFO:     1.2.3.4:5 - "POST /a/b HTTP/1.1" 422 Unprocessable Entity', "POST /a/b", 422),
        ('1.2.3.4 - ada [x] "GET /a?b=1 HTTP/2.0" 404 17 "-" "agent"', "GET /a?b=1", 404),
        ('{"method": "put", "path": "/a", "status_code": "400"}', "PUT /a", 400),
        ('{"http": {"method": "GET", "url": "http://h/a?x=1", "status_code": 403}}', "GET /a?x=1", 403),
        ('{"request": {"method": "POST", "path": "/a"}, "response": {"status": 422, "body": "no"}}', "POST /a", 422),
        ('{"level": "info", "msg": "GET /a 500"}', "GET /a", 500),
    ],
)
def test_lines_of_logs_are_requests(line: str, shown: str, status: int) -> None:
    entry = parse_line(line)
    assert entry is not None
    assert (f"{entry.request.method} {entry.request.url}", entry.status) == (shown, status)
    assert entry.request.body is None


@pytest.mark.parametrize("line", ["", "Application startup complete.", '{"level": "info"}', "{broken"])
def test_other_lines_are_none(line: str) -> None:
    assert parse_line(line) is None
