"""Doc."""
import os
