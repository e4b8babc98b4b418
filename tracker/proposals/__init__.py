"""What a text recommends, proposed to a person: pure functions that quote the text and add nothing."""
