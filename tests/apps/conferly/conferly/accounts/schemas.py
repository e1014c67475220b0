from pydantic import BaseModel, ConfigDict, Field

from conferly.accounts.models import Role


class AccountCreate(BaseModel):
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)
    name: str = Field(min_length=1, max_length=100)
    password: str = Field(min_length=10, max_length=128)


class AccountRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    name: str
    role: Role


class RoleChange(BaseModel):
    role: Role


class Credentials(BaseModel):
    email: str
    password: str


class TokenRead(BaseModel):
    token: str
