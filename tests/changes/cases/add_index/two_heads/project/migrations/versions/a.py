revision = "aa"
down_revision = None
