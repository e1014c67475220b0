"""Doc."""

import os
import sys
from fastapi import FastAPI
