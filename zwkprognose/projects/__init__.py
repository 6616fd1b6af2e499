"""A run as a document: PROJEKT.toml in, one folder of results out."""

from zwkprognose.projects.document import Project
from zwkprognose.projects.load import load_project, scenarios_of
from zwkprognose.projects.new import new_project
from zwkprognose.projects.profiles import write_project_profiles
from zwkprognose.projects.review import review_project
from zwkprognose.projects.rewrite import rewrite_report
from zwkprognose.projects.run import Outcome, run_project
from zwkprognose.projects.year import YearComparison, compare_year

__all__ = [
    "Outcome",
    "Project",
    "YearComparison",
    "compare_year",
    "load_project",
    "new_project",
    "review_project",
    "rewrite_report",
    "run_project",
    "scenarios_of",
    "write_project_profiles",
]
