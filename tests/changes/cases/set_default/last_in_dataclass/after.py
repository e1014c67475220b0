from dataclasses import dataclass


@dataclass
class A:
    n: int
    text: str | None = None
