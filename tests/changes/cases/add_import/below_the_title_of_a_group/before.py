import os

# the app's own
from app.models import User
