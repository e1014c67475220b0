import os

SIGNING = os.environ["CLINIC_SIGNING"]
