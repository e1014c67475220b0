from ..models import Item, User
