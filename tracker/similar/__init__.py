"""Which texts are worded alike: pure functions over words."""
