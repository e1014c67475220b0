from dataclasses import dataclass


@dataclass
class A:
    text: str | None
    n: int
