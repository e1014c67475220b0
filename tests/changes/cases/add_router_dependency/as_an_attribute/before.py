import fastapi


class Items:
    router = fastapi.APIRouter(dependencies=[])

    def __init__(self):
        self.other = fastapi.APIRouter(dependencies=[ ])
