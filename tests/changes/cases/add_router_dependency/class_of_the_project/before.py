from app.routing import Versioned

router = Versioned("/v1")
