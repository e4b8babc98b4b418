"""Where recommendations stand, in a sentence whose numbers add up."""

from django.utils.translation import override

from tracker.views.overview import sentence


def test_states_are_said_where_the_parts_add_up_to_more() -> None:
    with override("en"):
        said = sentence({"in_progress": 1, "no_information": 5}, 3)
        assert said.startswith("Three recommendations, six counting each State. One is in progress")
        assert sentence({"no_information": 6}, 3).startswith("Three recommendations. Nothing")
        assert sentence({"in_progress": 6}).startswith("Six recommendations. Six are")
