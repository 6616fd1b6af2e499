#!/bin/sh
# csvkit 2.2.0 (agate 1.14.2), 2026-11-28: a table that is only sorted comes back with dates for age groups and areas.
#
# csvsort reads the types of all columns, sorts, and writes the table again. Expected: the same cells in another order.
# Seen: if every group of a column can be read as month and day, "1-2, 3-5, 6-9, 10-14" is written as 2001-01-02,
# 2001-03-05, 2001-06-09, 2001-10-14 (the year is made up); areas "1-1, 1-2, 2-1" as well, and days are read with the
# month in front: 01.02.2020, in Germany the first of February, becomes 2020-01-02. One group such as 15-17 and the
# whole column stays as it was, so a table with all ages shows nothing of it. No warning, exit code 0; key 001 becomes 1.
# Way out: --no-inference (-I), which keeps every cell.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "csvkit==2.2.0" "agate==1.14.2"
cd "$folder"
same() { # same FILE EXPECTED: csvsort gives what was noted
  seen=$("$folder/venv/bin/csvsort" -c persons "$1" | tr -d '\r' | tr '\n' ' ')
  printf '%s\n' "$seen"
  [ "$seen" = "$2" ] || { echo "csvkit behaves otherwise now" >&2; exit 1; }
}
"$folder/venv/bin/csvsort" --version
printf 'area,age,persons\n001,1-2,40\n001,3-5,61\n001,6-9,80\n001,10-14,99\n' > groups.csv
printf 'area,day,persons\n1-1,01.02.2020,40\n1-2,03.04.2020,61\n2-1,05.06.2020,80\n' > days.csv
printf 'area,age,persons\n001,10-14,40\n001,15-17,61\n' > whole.csv
same groups.csv 'area,age,persons 1,2001-01-02,40 1,2001-03-05,61 1,2001-06-09,80 1,2001-10-14,99 '
same days.csv 'area,day,persons 2001-01-01,2020-01-02,40 2001-01-02,2020-03-04,61 2001-02-01,2020-05-06,80 '
same whole.csv 'area,age,persons 1,10-14,40 1,15-17,61 '
kept=$("$folder/venv/bin/csvsort" --no-inference -c persons groups.csv | tr -d '\r' | head -2 | tail -1)
[ "$kept" = "001,1-2,40" ] || { echo "csvkit: --no-inference changes cells too" >&2; exit 1; }
