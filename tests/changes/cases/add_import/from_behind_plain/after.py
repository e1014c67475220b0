import os
import sys

import httpx
from fastapi import FastAPI
from pydantic import BaseModel

from app.auth import x
