import app
import app.auth
