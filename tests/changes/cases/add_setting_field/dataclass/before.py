from dataclasses import dataclass

@dataclass
class Settings:
    name: str = "x"
