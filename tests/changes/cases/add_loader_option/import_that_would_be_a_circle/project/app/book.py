from app.author import Author


class Book: ...
