"""What others would build in an afternoon, over the same reports, put to the same questions and scored alike."""
