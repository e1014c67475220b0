from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import Column, ForeignKey, Table, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

engine = create_engine("sqlite:///recipes.db")


class Base(DeclarativeBase):
    pass


recipe_tag = Table(
    "recipe_tag",
    Base.metadata,
    Column("recipe_id", ForeignKey("recipe.id"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id"), primary_key=True),
)


class Tag(Base):
    __tablename__ = "tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(unique=True)


class Recipe(Base):
    __tablename__ = "recipe"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    minutes: Mapped[int]
    tags: Mapped[list[Tag]] = relationship(secondary=recipe_tag, order_by=Tag.id)


class RecipeCard(BaseModel):
    title: str
    minutes: int
    tags: list[str]


def db():
    with Session(engine) as session:
        yield session


app = FastAPI()


@app.get("/recipes", response_model=list[RecipeCard])
def quick_recipes(page: int = 0, db: Session = Depends(db)):
    stmt = select(Recipe).options(selectinload(Recipe.tags)).order_by(Recipe.minutes, Recipe.id).offset(page * 50).limit(50)
    cards = []
    for recipe in db.scalars(stmt):
        words = sorted(tag.word for tag in recipe.tags)
        cards.append(RecipeCard(title=recipe.title, minutes=recipe.minutes, tags=words))
    return cards


@app.get("/tags")
def tags(db: Session = Depends(db)) -> list[str]:
    return list(db.scalars(select(Tag.word).order_by(Tag.word).limit(500)))
