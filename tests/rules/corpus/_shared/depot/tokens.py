import os

from itsdangerous import URLSafeTimedSerializer

signer = URLSafeTimedSerializer(os.environ["DEPOT_KEY"])


def read(header: str) -> int:
    return signer.loads(header.removeprefix("Bearer "), max_age=3600)


def write(user_id: int) -> str:
    return signer.dumps(user_id)
