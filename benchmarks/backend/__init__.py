"""The generated backend beside what people would use instead: same work, same database, in turns."""
