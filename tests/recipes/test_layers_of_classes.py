"""Services over repositories, whose models are imported under other names than the schemas that are called alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fastwright.project.where import Where
from fastwright.proof.ground import Ground, standing_on
from fastwright.recipes._catalog import recipe_named
from fastwright.recipes._recipe import Already, Answer, Plan
from fastwright.verbs.add import wish_of
from fastwright.verbs.rehearsing import knowing
from tests.recipes.styles import project

LAYERS = {
    "shop/__init__.py": "",
    "shop/models.py": """
        from sqlalchemy import String, create_engine
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

        engine = create_engine("sqlite:///shop.db")

        class Base(DeclarativeBase):
            pass

        class Product(Base):
            __tablename__ = "products"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str] = mapped_column(String(40))
            price: Mapped[float]
            is_active: Mapped[bool] = mapped_column(default=True)
    """,
    "shop/schemas.py": """
        from typing import Annotated

        from pydantic import BaseModel, Field

        class ProductCreate(BaseModel):
            name: Annotated[str, Field(max_length=40)]
            price: Annotated[float, Field(default=1.0)]

        class Product(ProductCreate):
            id: int
            model_config = {"from_attributes": True}
    """,
    "shop/repositories/__init__.py": "",
    "shop/repositories/products.py": """
        from sqlalchemy import select, update
        from sqlalchemy.orm import Session

        from shop.models import Product as ProductModel

        class ProductRepository:
            def __init__(self, db: Session) -> None:
                self.db = db

            def get_all(self) -> list[ProductModel]:
                return self.db.scalars(select(ProductModel)).all()

            def delete(self, product_id: int) -> None:
                self.db.execute(update(ProductModel).where(ProductModel.id == product_id).values(is_active=False))
                self.db.commit()
    """,
    "shop/services/__init__.py": "",
    "shop/services/products.py": """
        from shop.models import Product as ProductModel
        from shop.repositories.products import ProductRepository

        class ProductService:
            def __init__(self, product_repo: ProductRepository) -> None:
                self.product_repo = product_repo

            def get_all(self) -> list[ProductModel]:
                return self.product_repo.get_all()

            def delete(self, product_id: int) -> None:
                self.product_repo.delete(product_id)
    """,
    "shop/providers.py": """
        from fastapi import Depends
        from sqlalchemy.orm import Session

        from shop.models import engine
        from shop.repositories.products import ProductRepository
        from shop.services.products import ProductService

        def get_db():
            with Session(engine) as session:
                yield session

        def get_product_service(db: Session = Depends(get_db)) -> ProductService:
            return ProductService(ProductRepository(db))
    """,
    "shop/routers/__init__.py": "",
    "shop/routers/products.py": """
        from fastapi import APIRouter, Depends

        from shop.providers import get_product_service
        from shop.schemas import Product
        from shop.services.products import ProductService

        products_router = APIRouter(prefix="/products", tags=["products"])

        @products_router.get("/", response_model=list[Product])
        def list_products(product_service: ProductService = Depends(get_product_service)):
            return product_service.get_all()

        @products_router.delete("/{product_id}", status_code=204)
        def delete_product(product_id: int, product_service: ProductService = Depends(get_product_service)) -> None:
            product_service.delete(product_id)
    """,
    "main.py": """
        from fastapi import FastAPI

        from shop.routers.products import products_router

        app = FastAPI()
        app.include_router(products_router)
    """,
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    app = project(tmp_path_factory.mktemp("layers"), LAYERS)
    with standing_on(Where(project=app.root, python=app.python)) as ground:
        yield ground


def planned(ground: Ground, capability: str, **args: Any) -> Answer:
    recipe = recipe_named(capability)
    return recipe.plan(knowing(ground), wish_of(recipe, args))


def written(answer: Answer) -> str:
    assert isinstance(answer, Plan), answer
    return "\n".join(str(getattr(one, "content", "") or getattr(one, "code", "")) for one in answer.change.operations)


def test_a_list_is_told_by_a_model_under_another_name(layers: Ground) -> None:
    assert isinstance(planned(layers, "pagination", path="/products"), Plan)
    assert isinstance(planned(layers, "filtering", path="/products", fields=["price"]), Plan)


def test_an_update_that_takes_a_flag_away_marks_rows_already(layers: Ground) -> None:
    answer = planned(layers, "soft-delete", path="/products")
    assert isinstance(answer, Already)
    assert answer.reason == "Product.is_active marks rows as deleted already (shop/repositories/products.py:14)"


def test_what_is_named_after_a_subject_is_named_after_the_new_one(layers: Ground) -> None:
    text = written(planned(layers, "resource", resource="Order code:str(1..40)"))
    assert "def __init__(self, order_repo: OrderRepository) -> None:\n        self.order_repo = order_repo" in text
    assert "order_service: OrderService = Depends(get_order_service)" in text
    assert 'orders_router = APIRouter(prefix="/orders"' in text
    assert "product" not in text


def test_the_only_folder_below_the_app_has_what_belongs_to_nothing(layers: Ground) -> None:
    answer = planned(layers, "security-headers")
    assert isinstance(answer, Plan)
    assert "shop/security_headers.py" in {getattr(one, "path", "") for one in answer.change.operations}


def test_pages_of_such_a_list_land_and_undo_brings_back_every_byte(tmp_path: Path) -> None:
    app = project(tmp_path, LAYERS)
    before = app.files()
    result = app.add("pagination", path="/products")
    assert result.landed, result.refusal or result.proof
    app.undo()
    assert app.files() == before
