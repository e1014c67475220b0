from pydantic import BaseModel, ConfigDict


class Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ProjectCreate(BaseModel):
    title: str


class ProjectGiven(BaseModel):
    title: str
    owner_id: int


class ProjectRead(Read):
    id: int
    title: str


class TaskRead(Read):
    id: int
    title: str


class ProjectWithTasks(ProjectRead):
    tasks: list[TaskRead]


class LabelCreate(BaseModel):
    name: str


class LabelRead(Read):
    id: int
    name: str


class UserUpdate(BaseModel):
    email: str | None = None
    role: str | None = None


class UserRead(Read):
    id: int
    email: str


class UserFull(UserRead):
    hashed_password: str


class NewPassword(BaseModel):
    password: str


class Credentials(NewPassword):
    email: str


class Reset(NewPassword):
    token: str


class Token(BaseModel):
    access_token: str
