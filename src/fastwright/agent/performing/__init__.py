"""Steps are performed by verbs: a module for each, found by the verb's name and imported when it is needed."""
