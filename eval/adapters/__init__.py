"""Public benchmarks by others, read from the files that their authors publish; none of them is shipped."""
