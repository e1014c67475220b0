"""What tests look at: the mail that was sent, and the statements that reached the database."""

from app.mail import Message


class MemoryMailer:
    """Keeps mail instead of sending it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    def to(self, address: str) -> list[Message]:
        """Return the mail to one address, oldest first."""
        return [message for message in self.messages if message.to == address]


class StatementCounter:
    """Collects statements; those that only set and release savepoints are the tests' own."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            self.statements.append(statement)

    @property
    def count(self) -> int:
        return len(self.statements)
