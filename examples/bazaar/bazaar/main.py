from fastapi import APIRouter, Depends, FastAPI, HTTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from bazaar.database import Base, engine, get_db
from bazaar.models import Post, Product, User
from bazaar.schemas import PostIn, PostOut, ProductIn, ProductOut, UserOut

Base.metadata.create_all(engine)
app = FastAPI(title="Bazaar")
api = APIRouter(prefix="/api")


@api.get("/users", response_model=list[UserOut])
def list_users(limit: int = 50, db: Session = Depends(get_db)):
    return db.scalars(select(User).order_by(User.id).limit(limit)).all()


@api.get("/posts", response_model=list[PostOut])
def list_posts(limit: int = 50, db: Session = Depends(get_db)):
    return db.scalars(select(Post).order_by(Post.id).limit(limit)).all()


@api.post("/posts", response_model=PostOut, status_code=201)
def create_post(body: PostIn, db: Session = Depends(get_db)):
    if db.get(User, body.author_id) is None:
        raise HTTPException(404, "there is no such user")
    post = Post(**body.model_dump())
    db.add(post)
    db.commit()
    return post


@api.post("/products", response_model=ProductOut, status_code=201)
def create_product(body: ProductIn, db: Session = Depends(get_db)):
    product = Product(**body.model_dump())
    db.add(product)
    db.commit()
    return product


app.include_router(api)
