import os
import sys

import httpx
from fastapi import FastAPI

from app.auth import x
from . import here
