"""Why a request is refused, and what would be accepted: found by sending it to the app on a scratch database."""
