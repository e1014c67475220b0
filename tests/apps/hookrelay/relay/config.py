import os

# comma separated name:key pairs, e.g. "shop:abc,crm:def"
CLIENTS = dict(
    pair.split(":", 1) for pair in os.getenv("RELAY_CLIENTS", "dev:dev-key").split(",")
)
INTERNAL_SECRET = os.getenv("RELAY_INTERNAL_SECRET", "internal")
MAX_ATTEMPTS = int(os.getenv("RELAY_MAX_ATTEMPTS", "5"))
