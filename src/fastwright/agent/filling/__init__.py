"""From a request to steps: the arguments that the words give, and a question for each that they do not."""
