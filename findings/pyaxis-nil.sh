#!/bin/sh
# pyaxis 0.4.3 (pandas 3.1.1), 2026-11-28: the sign "-" of PX files, exactly zero, ends as missing as a secret does.
#
# PX files print "-" where there is nothing, and "." to "......" where there is no number; what each sign stands for,
# the file says itself (DATASYMBOLNIL, DATASYMBOL1 …). pyaxis.parse knows "." and ".." only, whatever the file says, and
# leaves "-" as a text with its quotation marks. pandas.to_numeric(…, errors="coerce"), the usual next step, makes it
# missing: a true zero and a secret number are one, and every mean and share over areas is too high.
# Way out: data["DATA"].replace({'"-"': "0"}) before that, and a choice for each sign that the keywords name.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pyaxis==0.4.3 pandas==3.1.1
cat > "$folder/einwohner.px" <<'PX'
CHARSET="ANSI";
AXIS-VERSION="2000";
TITLE="Einwohner";
CONTENTS="Einwohner";
UNITS="Personen";
STUB="Gemeinde";
HEADING="Geschlecht";
VALUES("Gemeinde")="Altdorf","Neudorf","Oberdorf";
VALUES("Geschlecht")="Mann","Frau";
DATASYMBOLNIL="kommt nicht vor (genau null)";
DATASYMBOL3="geheim";
DATA=
12 8
"-" 4
"..." "-"
;
PX
"$folder/venv/bin/python" - "$folder/einwohner.px" <<'PYTHON'
from importlib.metadata import version
import sys

import pandas as pd
from pyaxis import pyaxis

data = pyaxis.parse(uri=sys.argv[1], encoding="cp1252")["DATA"]
numbers = pd.to_numeric(data["DATA"], errors="coerce")
seen = [None if number != number else number for number in numbers]
print("pyaxis", version("pyaxis"), "pandas", version("pandas"))
print("expected", [12, 8, 0, 4, None, 0], "mean 4.8")
print("seen    ", seen, "mean", numbers.mean())
sys.exit(0 if seen == [12, 8, None, 4, None, None] else "pyaxis behaves otherwise now")
PYTHON
