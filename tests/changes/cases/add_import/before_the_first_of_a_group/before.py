"""Doc."""

import sys
from fastapi import FastAPI
