"""Which years a report speaks of and whether it accounts for results or sets targets."""

from index.periods.timing import Timing, passage_timing, running_timings, sentence_timing
from index.periods.years import YearKind, YearMention, find_years

__all__ = ["Timing", "YearKind", "YearMention", "find_years", "passage_timing", "running_timings", "sentence_timing"]
