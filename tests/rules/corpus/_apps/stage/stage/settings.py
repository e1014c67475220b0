import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Config:
    database: str = field(default_factory=lambda: os.environ["STAGE_DB"])
    session_secret: str = os.getenv("STAGE_SESSION_SECRET") or "stage-left-2023"  # found: hardcoded-secret
    mail_password: str = field(default_factory=lambda: os.environ["STAGE_MAIL_PASSWORD"])


config = Config()
