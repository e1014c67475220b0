"""The planner that asks a language model, and edits that one writes; it needs the extra `fastwright[llm]`.

A model cannot do more than anybody else: what it plans are verbs, and what it writes is a `Change`, proven on a copy.
"""
