"""Texts that look like what a field is named after, or what its format says."""

from __future__ import annotations

import re
from collections.abc import Mapping

FORMATS: Mapping[str, str] = {
    "email": "ada@example.com",
    "name-email": "Ada <ada@example.com>",
    "date": "2030-01-15",
    "date-time": "2030-01-15T12:00:00Z",
    "time": "12:00:00",
    "duration": "PT1H",
    "uuid": "0d9f7c3e-8a1b-4c2d-9e3f-5a6b7c8d9e0f",
    "uuid4": "0d9f7c3e-8a1b-4c2d-9e3f-5a6b7c8d9e0f",
    "uuid1": "5f6d4d9e-0c3b-11ef-9d6b-325096b39f47",
    "uuid3": "6fa459ea-ee8a-3ca4-894e-db77e160355e",
    "uuid5": "886313e1-3b8a-5372-9b90-0c9aee199e5d",
    "uri": "https://example.com/",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "ipvanyaddress": "192.0.2.1",
    "ipvanynetwork": "192.0.2.0/24",
    "ipvanyinterface": "192.0.2.1/24",
    "ipv4network": "192.0.2.0/24",
    "ipv6network": "2001:db8::/32",
    "json-string": "{}",
    "password": "Corr3ct-Horse-9!",
    "color": "#1e90ff",
    "binary": "sample",
    "base64url": "c2FtcGxl",
    "base64": "c2FtcGxl",
    "path": "sample.txt",
    "byte": "c2FtcGxl",
}

# By the words in the name of a field; the first that fits.
_NAMES: tuple[tuple[str, str], ...] = (
    (r"e?mail", FORMATS["email"]),
    (r"password|passwd|pwd|secret", FORMATS["password"]),
    (r"user_?name|login|nick|handle", "ada_l"),
    (r"url|uri|link|website|homepage|callback|webhook", FORMATS["uri"]),
    (r"phone|mobile|tel", "+4915112345678"),
    (r"uuid|guid", FORMATS["uuid"]),
    (r"currency", "EUR"),
    (r"country", "DE"),
    (r"lang|locale", "en"),
    (r"zip|postal|postcode|plz", "10115"),
    (r"slug", "sample-slug"),
    (r"iban", "DE89370400440532013000"),
    (r"isbn", "9780306406157"),
    (r"vin$", "1HGCM82633A004352"),
    (r"sku", "ABC-1234"),
    (r"colou?r", FORMATS["color"]),
    (r"(^|_)ip(_|$)", FORMATS["ipv4"]),
    (r"time_?zone|tz", "Europe/Berlin"),
    (r"_at$|datetime|timestamp", FORMATS["date-time"]),
    (r"date|birthday|_on$", FORMATS["date"]),
    (r"(^|_)time$", FORMATS["time"]),
    (r"first_?name", "Ada"),
    (r"last_?name|surname", "Lovelace"),
    (r"name", "Ada Lovelace"),
    (r"title", "A sample title"),
    (r"city", "Berlin"),
    (r"price|amount|total", "9.99"),
)


def by_name(name: str) -> str:
    """Return a text for a field of this name."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return next((text for pattern, text in _NAMES if re.search(pattern, words)), "sample")
