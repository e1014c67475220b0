import sys
sys.path.append("..")
from app.auth import get_user
from app.models import User
app = 1
