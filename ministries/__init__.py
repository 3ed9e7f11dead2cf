"""Who answers for a promise, and what they say: the stream *declared*, and the situation as of a day."""
