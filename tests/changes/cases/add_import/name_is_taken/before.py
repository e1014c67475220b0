from app.legacy import User
