"""That the text of a document cannot be had."""


class Unreadable(Exception):  # noqa: N818 - it says what the document is
    """``str()`` is the code of the reason: ``documents.PROBLEMS`` has the words."""
