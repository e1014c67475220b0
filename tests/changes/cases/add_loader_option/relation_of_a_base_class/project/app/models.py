from app.people import Person


class Author(Person): ...
