import sys
sys.path.append("..")
from app.models import User
app = 1
