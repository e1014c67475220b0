from ..models import User
