import app
import app.auth
import app.models
