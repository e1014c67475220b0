from fastapi.security import OAuth2PasswordBearer
from pwdlib import PasswordHash

scheme = OAuth2PasswordBearer(tokenUrl="https://login.example.com/token")
hasher = PasswordHash.recommended()


def get_current_user(token, session) -> User:
    try:
        claims = jwt.decode(token, os.environ["SECRET_KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401, "not signed in") from None
    user = rows(User, User.email == claims["sub"]).first()
    if user is None:
        raise HTTPException(401, "not signed in")
    return user


def remember(session, user_id):
    session.add(Task(title=f"welcome {user_id}", project_id=1))
    save()


def require_admin(user):
    if user.role != "admin":
        raise HTTPException(403, "not for you")
    return user
