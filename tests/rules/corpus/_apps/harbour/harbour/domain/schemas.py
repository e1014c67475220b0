from decimal import Decimal

from pydantic import BaseModel, ConfigDict, EmailStr, Field


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int


class FeeOut(Out):
    amount: Decimal


class BoatOut(Out):
    name: str
    length_m: float


class BoatWithFees(BoatOut):
    fees: list[FeeOut]


class BoatIn(BaseModel):
    name: str = Field(max_length=80)
    length_m: float = Field(gt=0)


class BoatForSomeone(BoatIn):
    skipper_id: int


class BerthIn(BaseModel):
    code: str
    depth: float


class BerthOut(Out):
    code: str


class SkipperOut(Out):
    email: EmailStr


class SkipperAdminOut(SkipperOut):
    password_digest: str
    is_harbour_master: bool


class SkipperPatch(BaseModel):
    email: EmailStr | None = None
    is_harbour_master: bool | None = None


class Registration(BaseModel):
    email: EmailStr
    password: str = Field(min_length=12)


class Credentials(BaseModel):
    email: EmailStr
    password: str


class Token(BaseModel):
    access_token: str
    token_type: str = "bearer"


class NewPassword(BaseModel):
    token: str
    password: str = Field(min_length=12)
