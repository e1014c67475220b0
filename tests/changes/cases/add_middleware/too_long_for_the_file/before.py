from fastapi import FastAPI

app = FastAPI(title='As no formatter has left it')
