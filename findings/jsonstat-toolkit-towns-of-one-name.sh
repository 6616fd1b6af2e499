#!/bin/sh
# jsonstat-toolkit 2.2.2 (npm), 2026-11-29: of two towns with one name only the last is in the table by towns.
#
# In JSON-stat 2.0 the ids of a dimension's categories are unique, labels are texts for people; Germany has more than one
# Neustadt. Transform({by: "area"}) and toTable({by: "area"}) make a column of each town. Expected: as many columns as
# categories, or an error. Seen: towns that share a label share a column, and the later one overwrites the earlier: 700 of
# 1,000 persons are gone, without a word. toTable even heads its columns with the ids, so that 04 is simply not there;
# the table with a row for each cell (no "by") has all 1,000. The toolkit is the one of the format's own author.
# Way out: content: "id".
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" "jsonstat-toolkit@2.2.2" >/dev/null
cat > table.mjs <<'JAVASCRIPT'
import JSONstat from "jsonstat-toolkit";

const towns = { "04": "Neustadt", "05": "Altdorf", "06": "Neustadt" };
const data = () => JSONstat({
  version: "2.0", class: "dataset", label: "persons", id: ["sex", "area"], size: [2, 3],
  dimension: {
    sex: { category: { index: ["f", "m"] } },
    area: { category: { index: ["04", "05", "06"], label: towns } },
  },
  value: [400, 50, 60, 300, 70, 120],
});
const persons = (rows) => rows.flatMap(Object.values).filter(Number.isInteger).reduce((sum, each) => sum + each, 0);
const tables = {
  cells: data().Transform({ type: "arrobj" }),
  transform: data().Transform({ type: "arrobj", by: "area" }),
  toTable: data().toTable({ type: "arrobj", by: "area" }),
  ids: data().Transform({ type: "arrobj", by: "area", content: "id" }),
};
console.log("jsonstat-toolkit", JSONstat("version"), "persons in the data: 1000");
for (const [name, rows] of Object.entries(tables)) console.log(name, persons(rows), JSON.stringify(rows.at(-1)));
const seen = Object.values(tables).map(persons).join();
const heads = Object.keys(tables.toTable[0]).sort().join();
if (seen !== "1000,300,300,1000" || heads !== "05,06,sex") {
  console.error("jsonstat-toolkit behaves otherwise now", seen, heads);
  process.exit(1);
}
JAVASCRIPT
node table.mjs
