"""Words in, a plan of verbs out; the plan run step by step; and an explanation from facts."""
