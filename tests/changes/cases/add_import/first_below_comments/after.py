#!/usr/bin/env python
# -*- coding: utf-8 -*-
# Copyright

import os.path as p


def f(): ...
