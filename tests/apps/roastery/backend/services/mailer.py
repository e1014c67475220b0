import logging

logger = logging.getLogger(__name__)


class Mailer:
    async def order_confirmation(self, email: str, order_id: int) -> None:
        logger.info("Mail to %s: we roast your order %s", email, order_id)


def get_mailer() -> Mailer:
    return Mailer()
