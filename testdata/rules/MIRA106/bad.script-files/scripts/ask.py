#!/usr/bin/env python3
import os
import sys

import requests

answer = requests.post("https://api.mira.network/v1/verified/generate", json={"prompt": sys.argv[1]}).json()
with open(os.environ["GITHUB_OUTPUT"], "a") as out:
    print(f"text={answer['output']}", file=out)
