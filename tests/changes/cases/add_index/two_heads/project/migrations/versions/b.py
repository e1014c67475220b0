revision = "bb"
down_revision = None
