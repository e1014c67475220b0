import os

# the app's own
from app.models import User
from app.auth import get_user
