"""What another system lacks, taken away on this one: `DLTEACH_TESTS_WITHOUT=fork,fcntl,resource pytest`."""
