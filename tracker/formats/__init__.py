"""Dates as international bodies write them: the day first, the month in letters."""
