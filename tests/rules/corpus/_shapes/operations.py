"""The operations of the app that is written in every shape; read, never run.

`rows(Model, conditions, limit=…, options=…)` is the query of a shape, `save()` its commit, and `later(…)` a call that would
keep the event loop waiting. Dependencies (`session`, `user`) are named alone. `breaks` names the rules that find something.
"""


@breaks("unpaginated-list")
@router.get("/projects")
def list_all() -> list[ProjectRead]:
    return rows(Project).all()


@breaks("unbounded-page-size")
@router.get("/projects/some")
def list_some(limit: int = 20) -> list[ProjectRead]:
    return rows(Project, limit=limit).all()


@router.get("/projects/page")
def list_page(limit: int = Query(20, ge=1, le=100)) -> list[ProjectRead]:
    return rows(Project, limit=limit).all()


@breaks("duplicate-route")
@router.get("/projects/page")
def list_page_again(user) -> list[ProjectRead]:
    return rows(Project, Project.owner_id == user.id, limit=20).all()


@breaks("unscoped-owner-query")
@router.get("/projects/{project_id}")
def read_any(project_id: int) -> ProjectRead:
    found = rows(Project, Project.id == project_id).first()
    if found is None:
        raise HTTPException(404, "no such project")
    return found


@router.get("/own/{project_id}")
def read_own(project_id: int, user) -> ProjectRead:
    found = rows(Project, Project.id == project_id, Project.owner_id == user.id).first()
    if found is None:
        raise HTTPException(404, "no such project")
    return found


@breaks("caller-chosen-identity")
@router.post("/given", status_code=201)
def create_for(data: ProjectGiven) -> ProjectRead:
    made = Project(title=data.title, owner_id=data.owner_id)
    session.add(made)
    save()
    return made


@router.post("/projects", status_code=201)
def create_own(data: ProjectCreate, user) -> ProjectRead:
    made = Project(title=data.title, owner_id=user.id)
    session.add(made)
    save()
    return made


@breaks("wrong-success-status")
@router.post("/drafts")
def create_twice(data: ProjectCreate, user) -> ProjectRead:
    made = Project(title=data.title, owner_id=user.id)
    session.add(made)
    save()
    return made


@breaks("endpoint-without-auth")
@for_strangers
@router.delete("/projects/{project_id}", status_code=204)
def remove_open(project_id: int) -> None:
    found = rows(Project, Project.id == project_id).first()
    if found is None:
        raise HTTPException(404, "no such project")
    session.delete(found)
    save()


@breaks("mass-assignment")
@router.patch("/me")
def change_me(data: UserUpdate, user) -> UserRead:
    for name, value in data.model_dump(exclude_unset=True).items():
        setattr(user, name, value)
    session.add(user)
    save()
    return user


@breaks("query-in-loop")
@router.get("/owners")
def name_owners() -> list[str]:
    names = []
    for project in rows(Project, limit=20).all():
        owner = rows(User, User.id == project.owner_id).first()
        names.append(owner.email)
    return names


@breaks("write-in-get")
@router.get("/own/{project_id}/touch")
def touch(project_id: int, user) -> ProjectRead:
    found = rows(Project, Project.id == project_id, Project.owner_id == user.id).first()
    if found is None:
        raise HTTPException(404, "no such project")
    found.title = found.title + '!'
    save()
    return found


@breaks("unhandled-integrity-error")
@router.post("/labels", status_code=201)
def add_label(data: LabelCreate) -> LabelRead:
    made = Label(name=data.name)
    session.add(made)
    save()
    return made


@router.post("/labels/once", status_code=201)
def add_label_once(data: LabelCreate) -> LabelRead:
    made = Label(name=data.name)
    session.add(made)
    try:
        save()
    except IntegrityError:
        session.rollback()
        raise HTTPException(409, "there is one") from None
    return made


@breaks("sql-from-string")
@router.get("/text")
def find_text(title: str) -> list[int]:
    found = session.execute(text(f"select id from projects where title = '{title}' limit 20"))
    return [row[0] for row in found]


@breaks("lazy-load-in-response")
@router.get("/tasks")
def with_tasks() -> list[ProjectWithTasks]:
    return rows(Project, limit=20).all()


@router.get("/tasks/loaded")
def with_tasks_loaded() -> list[ProjectWithTasks]:
    return rows(Project, limit=20, options=selectinload(Project.tasks)).all()


@breaks("leaked-exception-detail")
@router.get("/told/{project_id}")
def tell_error(project_id: int, user) -> ProjectRead:
    try:
        found = rows(Project, Project.id == project_id, Project.owner_id == user.id).first()
    except Exception as error:
        raise HTTPException(500, str(error)) from error
    if found is None:
        raise HTTPException(404, "no such project")
    return found


@breaks("secret-in-response")
@router.get("/me/full")
def show_me(user) -> UserFull:
    return rows(User, User.id == user.id).first()


@breaks("hashing-on-event-loop")
@router.put("/me/password", status_code=204)
def set_password(data: NewPassword, user) -> None:
    user.hashed_password = hasher.hash(data.password)
    session.add(user)
    save()


@breaks("user-enumeration", "unthrottled-login", "token-without-expiry")
@for_strangers
@router.post("/login")
def sign_in(data: Credentials) -> Token:
    found = rows(User, User.email == data.email).first()
    if found is None:
        raise HTTPException(404, "no such user")
    if not later(hasher.verify, data.password, found.hashed_password):
        raise HTTPException(401, "wrong password")
    return Token(access_token=jwt.encode({"sub": found.email}, os.environ["SECRET_KEY"], "HS256"))


@breaks("plaintext-password")
@router.post("/accounts", status_code=201)
def keep_password(data: Credentials) -> UserRead:
    made = User(email=data.email, hashed_password=data.password, role="user")
    session.add(made)
    save()
    return made


@breaks("weak-password-hash")
@router.put("/me/old", status_code=204)
def weaken_password(data: NewPassword, user) -> None:
    user.hashed_password = hashlib.md5(data.password.encode()).hexdigest()
    session.add(user)
    save()


@breaks("secret-in-log")
@router.put("/me/logged", status_code=204)
def log_password(data: NewPassword, user) -> None:
    log.info("%s wants %s", user.id, data.password)
    user.email = user.email.lower()
    session.add(user)
    save()


@breaks("swallowed-exception")
@router.post("/quiet", status_code=201)
def forget_errors(data: ProjectCreate, user) -> ProjectRead:
    made = Project(title=data.title, owner_id=user.id)
    session.add(made)
    try:
        save()
    except Exception:
        pass
    return made


@breaks("unvalidated-body")
@router.post("/anything", status_code=201)
def take_anything(data: dict, user) -> ProjectRead:
    made = Project(title=data["title"], owner_id=user.id)
    session.add(made)
    save()
    return made


@breaks("naive-datetime")
@router.post("/own/{project_id}/stamp")
def stamp(project_id: int, user) -> ProjectRead:
    found = rows(Project, Project.id == project_id, Project.owner_id == user.id).first()
    if found is None:
        raise HTTPException(404, "no such project")
    found.changed_at = datetime.now()
    save()
    return found


@breaks("missing-response-model")
@router.get("/titles")
def say_nothing(user):
    found = rows(Project, Project.owner_id == user.id, limit=20).all()
    return {"titles": [one.title for one in found]}


@breaks("request-session-in-background-task")
@router.post("/later", status_code=202)
def tell_later(user, jobs: BackgroundTasks) -> None:
    jobs.add_task(remember, session, user.id)


@breaks("unverified-jwt")
@router.get("/trusted")
def trust_token(token: str) -> str:
    return jwt.decode(token, options={"verify_signature": False})["sub"]


@breaks("shadowed-route")
@router.get("/own/latest")
def read_latest(user) -> list[ProjectRead]:
    return rows(Project, Project.owner_id == user.id, limit=1).all()


@breaks("engine-per-request")
@router.get("/again")
def connect_again() -> int:
    other = create_engine("postgresql+psycopg://db/other")
    return len(other.dialect.name)


@breaks("reusable-reset-token")
@for_strangers
@router.post("/reset", status_code=204)
def reset_password(data: Reset) -> None:
    claims = jwt.decode(data.token, os.environ["SECRET_KEY"], algorithms=["HS256"])
    found = rows(User, User.email == claims["sub"]).first()
    found.hashed_password = later(hasher.hash, data.password)
    save()


@breaks("wrong-success-status")
@saves_later
@router.post("/later/made")
def make_later(data: ProjectCreate, user) -> ProjectRead:
    made = Project(title=data.title, owner_id=user.id)
    session.add(made)
    return made
