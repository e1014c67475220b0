import hashlib
import logging
import os
from datetime import datetime
from typing import Annotated

import jwt
from fastapi import APIRouter, BackgroundTasks, Depends, HTTPException, Query
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from studio.database import get_saving_session, get_session
from studio.models import Label, Project, Task, User
from studio.schemas import *
from studio.security import get_current_user, hasher, remember

log = logging.getLogger(__name__)
