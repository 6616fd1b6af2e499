"""Answers of the course: looked at when they are given, never an exception, always a hint."""

from zwkprognose.course.answers import Reply, answer

__all__ = ["Reply", "answer"]
