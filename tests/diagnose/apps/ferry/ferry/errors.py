class FerryError(Exception):
    status = 400

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class NotFound(FerryError):
    status = 404


class Conflict(FerryError):
    status = 409
