"""Answers of the course: looked at when they are given, never an exception, always a hint; and its messy workbooks."""

from zwkprognose.course.answers import Reply, answer
from zwkprognose.course.workbooks import messy_workbook

__all__ = ["Reply", "answer", "messy_workbook"]
