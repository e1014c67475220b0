"""The engine of the rules: a project read once, and the questions that rules ask of it.

reading     files, and those that could not be read
modules     a module: what it defines, imports and sets
functions   a function: what it calls, where from (loop, try, lambda), and what its variables are set to
evaluating  what an expression stands for: a function, a class, an instance, something of a library
following   what is called from an endpoint, through services, repositories and dependencies
fields      the fields of models and schemas, inherited ones included
statements  database sessions, and the statements that are built for them
endpoints   the endpoints of the map, with their functions, dependencies and guards
view        all of that, as a rule sees it
"""
