"""The files that every run writes."""

RESULTS = {
    "prognose.nc",
    "prognose.xlsx",
    "bevoelkerung.csv",
    "befunde.csv",
    "bericht.html",
    "eingaben.nc",
    "raten.nc",
    "weitergabe.txt",
    "projekt.toml",
}
